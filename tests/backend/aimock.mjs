// aimock on the port that is given: it answers whatever it is asked, and flags what says please.
import {LLMock} from '@copilotkit/aimock';

const mock = new LLMock({port: Number(process.argv[2])});
mock.onModerate(/please/i, {flagged: true, categories: {illicit: true}});
mock.on({endpoint: 'chat'}, {content: 'Run `pip install kettle` [1].'});
await mock.start();
