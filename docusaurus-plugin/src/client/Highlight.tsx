import {Fragment, type ReactNode} from 'react';
import {Highlight as Prism, themes, type PrismTheme} from 'prism-react-renderer';
import {useThemeConfig} from '@docusaurus/theme-common';
import {useColorMode} from './useColorMode.js';

type PrismConfig = {prism?: {theme?: PrismTheme; darkTheme?: PrismTheme}};

/** The tokens of a piece of code, in the colours of the site's Prism theme. */
export default function Highlight({code, language}: {code: string; language: string}): ReactNode {
  const {prism} = useThemeConfig() as PrismConfig;
  const light = prism?.theme ?? themes.palenight;
  const theme = useColorMode() === 'dark' ? (prism?.darkTheme ?? light) : light;
  return (
    <Prism code={code} language={language} theme={theme}>
      {({tokens, getTokenProps}) =>
        tokens.map((line, lineNumber) => (
          <Fragment key={lineNumber}>
            {lineNumber > 0 && '\n'}
            {line.map((token, index) => (
              <span key={index} {...getTokenProps({token})} />
            ))}
          </Fragment>
        ))
      }
    </Prism>
  );
}
