import Root from '@theme-original/Root';

export default function SiteRoot({children}) {
  return (
    <Root>
      <div data-test="site-root" hidden />
      {children}
    </Root>
  );
}
