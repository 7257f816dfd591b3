// aimock on the port that is given: it answers whatever it is asked, and flags what says please, and any image: of that
// it reads nothing, nor of speech, which always says the same.
import {LLMock} from '@copilotkit/aimock';

const mock = new LLMock({port: Number(process.argv[2])});
mock.onModerate(/please/i, {flagged: true, categories: {illicit: true}});
mock.onModerate(/^$/, {flagged: true, categories: {violence: true}});
mock.on({endpoint: 'chat'}, {content: 'Run `pip install kettle` [1].'});
mock.on({endpoint: 'transcription'}, {transcription: {text: 'How do I  install\nKettle?', usage: {type: 'duration', seconds: 6}}});
await mock.start();
