import type {ReactNode} from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import CodeBlock from '@theme/CodeBlock';
import Heading from '@theme/Heading';
import styles from '../pages/index.module.css';

const PLUGIN = `plugins: [
  'docusaurus-plugin-docs-chat',
],`;

const INDEX = `npx docusaurus build
docs-chat index`;

const SERVE = `docs-chat serve --site build
# http://127.0.0.1:8000`;

export default function InstallSteps(): ReactNode {
  return (
    <section className={`container ${styles.section}`}>
      <Heading as="h2">
        <Translate id="home.install">Three steps</Translate>
      </Heading>
      <ol className={styles.steps}>
        <li>
          <Heading as="h3">
            <Translate id="home.install.plugin">Add the plugin</Translate>
          </Heading>
          <CodeBlock language="ts" title="docusaurus.config.ts">
            {PLUGIN}
          </CodeBlock>
        </li>
        <li>
          <Heading as="h3">
            <Translate id="home.install.index">Build and index</Translate>
          </Heading>
          <CodeBlock language="bash">{INDEX}</CodeBlock>
        </li>
        <li>
          <Heading as="h3">
            <Translate id="home.install.serve">Serve</Translate>
          </Heading>
          <CodeBlock language="bash">{SERVE}</CodeBlock>
        </li>
      </ol>
      <p>
        <Link to="/docs/getting-started/installation">
          <Translate id="home.install.more">How to install both packages</Translate>
        </Link>
      </p>
    </section>
  );
}
