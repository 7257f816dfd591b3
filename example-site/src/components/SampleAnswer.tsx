import type {ReactNode} from 'react';
import Link from '@docusaurus/Link';
import Translate, {translate} from '@docusaurus/Translate';
import styles from '../pages/index.module.css';

/** A question and its answer as the panel shows them. The sources are real sections of this site. */
export default function SampleAnswer(): ReactNode {
  return (
    <figure
      className={styles.answer}
      aria-label={translate({id: 'home.sample.label', message: 'An example of an answer'})}>
      <p className={styles.question}>
        <Translate id="home.sample.question">How do I keep a broken citation out of production?</Translate>
      </p>
      <p>
        <Translate
          id="home.sample.first"
          values={{check: <code>docs-chat index --check</code>, n: <span className={styles.number}>1</span>}}>
          {'Run {check} after the build. The job fails when the index has a problem. {n}'}
        </Translate>{' '}
        <Translate id="home.sample.second" values={{n: <span className={styles.number}>2</span>}}>
          {'Each anchor is looked up in the HTML that you built, not guessed from the Markdown. {n}'}
        </Translate>
      </p>
      <ol className={styles.sources}>
        <li>
          <span className={styles.number}>1</span>
          <Link to="/docs/indexing/ci#the-check">
            <Translate id="home.sample.source1">Indexing in CI › The check</Translate>
          </Link>
        </li>
        <li>
          <span className={styles.number}>2</span>
          <Link to="/docs/indexing/what-is-indexed#verify">
            <Translate id="home.sample.source2">What is indexed › Checked against the build</Translate>
          </Link>
        </li>
      </ol>
    </figure>
  );
}
