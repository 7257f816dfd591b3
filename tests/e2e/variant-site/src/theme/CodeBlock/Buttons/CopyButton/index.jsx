import CopyButton from '@theme-original/CodeBlock/Buttons/CopyButton';

export default function SiteCopyButton(props) {
  return (
    <>
      <span data-test="site-copy-button" hidden />
      <CopyButton {...props} />
    </>
  );
}
