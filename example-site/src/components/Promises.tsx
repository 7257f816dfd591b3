import type {ReactNode} from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import Heading from '@theme/Heading';
import styles from '../pages/index.module.css';

type PromiseProps = {title: ReactNode; text: ReactNode; to: string};

function Item({title, text, to}: PromiseProps): ReactNode {
  return (
    <div>
      <Heading as="h3">
        <Link to={to}>{title}</Link>
      </Heading>
      <p>{text}</p>
    </div>
  );
}

export default function Promises(): ReactNode {
  return (
    <section className={`container ${styles.section}`}>
      <Heading as="h2">
        <Translate id="home.promises">What it promises</Translate>
      </Heading>
      <div className={styles.promises}>
        <Item
          to="/docs/getting-started/how-it-works#citations"
          title={<Translate id="home.promise.citations">Links that cannot be made up</Translate>}
          text={
            <Translate id="home.promise.citations.text">
              A model names a passage by its number and nothing else. The link comes from the index, and the
              index comes from your build.
            </Translate>
          }
        />
        <Item
          to="/docs/getting-started/versions-and-languages"
          title={<Translate id="home.promise.scope">The version that is being read</Translate>}
          text={
            <Translate id="home.promise.scope.text">
              A reader of version 2 in French gets answers from version 2 in French. The page says which; nobody
              has to choose.
            </Translate>
          }
        />
        <Item
          to="/docs/server/answer-engines#extractive"
          title={<Translate id="home.promise.key">An answer without a key</Translate>}
          text={
            <Translate id="home.promise.key.text">
              Without a model, the best passages are quoted, each with its link. Add a model later, OpenAI’s or one
              that you run.
            </Translate>
          }
        />
        <Item
          to="/docs/trust/privacy"
          title={<Translate id="home.promise.privacy">Nothing sent to strangers</Translate>}
          text={
            <Translate id="home.promise.privacy.text">
              The panel talks to your server alone. Before a reader opens it, it makes no request at all to another
              host.
            </Translate>
          }
        />
      </div>
    </section>
  );
}
