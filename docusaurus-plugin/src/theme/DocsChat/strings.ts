import {translate} from '@docusaurus/Translate';
import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';
import getPanelStrings, {type SelectPlural} from '@theme/DocsChat/panelStrings';

/** Every text of the opened chat, in the language of the site. */
export default function getStrings(selectPlural: SelectPlural): ChatStrings {
  return {
    title: translate({
      id: 'docsChat.title',
      message: 'Ask the docs',
      description: 'The name of the chat',
    }),
    greeting: translate({
      id: 'docsChat.greeting',
      message: 'What are you looking for?\nAnswers with links to the exact section.',
      description: 'An empty conversation: a heading, and a smaller line under it',
    }),
    prompts: [
      translate({
        id: 'docsChat.prompts.start',
        message: 'How do I get started?',
        description: 'A starter question',
      }),
      translate({
        id: 'docsChat.prompts.concepts',
        message: 'What are the main concepts?',
        description: 'A starter question',
      }),
      translate({
        id: 'docsChat.prompts.configure',
        message: 'How do I configure it?',
        description: 'A starter question',
      }),
    ],
    placeholder: translate({
      id: 'docsChat.placeholder',
      message: 'Ask anything about these docs…',
      description: 'The placeholder of the question field',
    }),
    disclaimer: translate({
      id: 'docsChat.disclaimer',
      message: 'Answers come from these docs and cite them. Check the source.',
      description: 'The line under the question field',
    }),
    region: {
      close: translate({
        id: 'docsChat.region.close',
        message: 'Close',
        description: 'The button that closes the chat',
      }),
      loading: translate({
        id: 'docsChat.region.loading',
        message: 'Loading the chat…',
        description: 'Shown until the chat is there',
      }),
      resize: translate({
        id: 'docsChat.region.resize',
        message: 'Width of the chat',
        description: 'The handle between page and chat',
      }),
      back: translate({
        id: 'docsChat.region.back',
        message: 'Back to the answer',
        description: 'Brings the chat back after a source was followed on a small screen',
      }),
      challenge: translate({
        id: 'docsChat.region.challenge',
        message: 'Please show that you are a person.',
        description: 'Above the widget of Turnstile or hCaptcha, before the first question',
      }),
      consentTitle: translate({
        id: 'docsChat.consent.title',
        message: 'Before you start',
        description: 'The heading of the question for consent',
      }),
      consentMessage: translate({
        id: 'docsChat.consent.message',
        message:
          'This chat is shown by ChatKit, which is loaded from OpenAI. OpenAI then learns your IP address and that you are here.',
        description: 'What the reader accepts before ChatKit is loaded',
      }),
      consentAccept: translate({
        id: 'docsChat.consent.accept',
        message: 'Use ChatKit',
        description: 'Accepts that ChatKit is loaded',
      }),
      consentDecline: translate({
        id: 'docsChat.consent.decline',
        message: 'Use the built-in chat instead',
        description: 'Declines ChatKit; the chat works without it',
      }),
    },
    panel: getPanelStrings(selectPlural),
  };
}
