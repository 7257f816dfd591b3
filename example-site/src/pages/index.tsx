import type {ReactNode} from 'react';
import Link from '@docusaurus/Link';
import Translate, {translate} from '@docusaurus/Translate';
import Layout from '@theme/Layout';
import Heading from '@theme/Heading';
import InstallSteps from '@site/src/components/InstallSteps';
import Promises from '@site/src/components/Promises';
import SampleAnswer from '@site/src/components/SampleAnswer';
import styles from './index.module.css';

function Hero(): ReactNode {
  return (
    <header className={styles.hero}>
      <div className={`container ${styles.heroInner}`}>
        <div>
          <Heading as="h1" className={styles.title}>
            <Translate
              id="home.title"
              values={{
                mark: (
                  <em>
                    <Translate id="home.title.mark">and shows where</Translate>
                  </em>
                ),
              }}>
              {'Your docs answer the question {mark}'}
            </Translate>
          </Heading>
          <p className={styles.lead}>
            <Translate id="home.lead">
              docs-chat puts a chat on every page of a Docusaurus site. It answers from your pages alone, and
              every citation opens the exact section, in the reader’s version and language. You run it: the
              index, the server and the data are yours.
            </Translate>
          </p>
          <div className={styles.actions}>
            <button type="button" className={styles.primary} data-docs-chat-open="">
              <Translate id="home.ask">Ask these docs</Translate>
            </button>
            <Link className={styles.secondary} to="/docs/getting-started/quick-start">
              <Translate id="home.quickStart">Quick start</Translate>
            </Link>
          </div>
        </div>
        <SampleAnswer />
      </div>
    </header>
  );
}

export default function Home(): ReactNode {
  return (
    <Layout
      description={translate({
        id: 'home.description',
        message: 'Answers from your Docusaurus site, with citations that open the right section.',
      })}>
      <Hero />
      <main>
        <Promises />
        <InstallSteps />
      </main>
    </Layout>
  );
}
