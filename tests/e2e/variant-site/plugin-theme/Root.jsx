import Root from '@theme-init/Root';

export default function PluginRoot({children}) {
  return (
    <Root>
      <div data-test="plugin-root" hidden />
      {children}
    </Root>
  );
}
