import {interpolate} from '@docusaurus/Interpolate';
import {translate} from '@docusaurus/Translate';
import type {SelectPlural} from '@theme/DocsChat/panelStrings';
import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';

/** Every text of the built-in panel, in the language of the site. */
export default function getPanelStrings(selectPlural: SelectPlural): ChatStrings['panel'] {
  return {
    newChat: translate({id: 'docsChat.panel.newChat', message: 'New chat'}),
    history: translate({id: 'docsChat.panel.history', message: 'Past chats'}),
    close: translate({id: 'docsChat.panel.close', message: 'Close'}),
    scope: (label) =>
      translate({id: 'docsChat.panel.scope', message: 'Answers are for {label}'}, {label}),
    conversation: translate({id: 'docsChat.panel.conversation', message: 'Conversation'}),
    question: translate({id: 'docsChat.panel.question', message: 'Your question'}),
    answer: translate({id: 'docsChat.panel.answer', message: 'Answer'}),
    send: translate({id: 'docsChat.panel.send', message: 'Send'}),
    stop: translate({id: 'docsChat.panel.stop', message: 'Stop'}),
    stopped: translate({id: 'docsChat.panel.stopped', message: 'Stopped.'}),
    composer: translate({id: 'docsChat.panel.composer', message: 'Your question'}),
    jumpToLatest: translate({id: 'docsChat.panel.jumpToLatest', message: 'Jump to latest'}),
    searching: translate({id: 'docsChat.panel.searching', message: 'Searching the docs…'}),
    loading: translate({id: 'docsChat.panel.loading', message: 'Loading the chat…'}),
    working: translate({id: 'docsChat.panel.working', message: 'Working…'}),
    thought: (seconds) =>
      translate({id: 'docsChat.panel.thought', message: 'Thought for {seconds} s'}, {seconds}),
    found: translate({id: 'docsChat.panel.found', message: 'Sections found'}),
    foundNothing: translate({id: 'docsChat.panel.foundNothing', message: 'Nothing found.'}),
    answerReady: (text, sources) =>
      // What the answer says may have a bar in it: it comes in last.
      interpolate(
        selectPlural(
          sources,
          translate({
            id: 'docsChat.panel.answerReady',
            message: '{text} 1 source.|{text} {sources} sources.',
          }),
        ),
        {text, sources},
      ),
    sources: translate({id: 'docsChat.panel.sources', message: 'Sources'}),
    source: (n, title) =>
      translate(
        {id: 'docsChat.panel.source', message: 'Source {n}: {title}'},
        {n, title},
      ),
    version: (label) =>
      translate({id: 'docsChat.panel.version', message: 'Version {label}'}, {label}),
    helpful: translate({id: 'docsChat.panel.helpful', message: 'Helpful'}),
    notHelpful: translate({id: 'docsChat.panel.notHelpful', message: 'Not helpful'}),
    copyAnswer: translate({id: 'docsChat.panel.copyAnswer', message: 'Copy answer'}),
    copyCode: translate({id: 'docsChat.panel.copyCode', message: 'Copy code'}),
    copied: translate({id: 'docsChat.panel.copied', message: 'Copied'}),
    tryAgain: translate({id: 'docsChat.panel.tryAgain', message: 'Try again'}),
    suggestions: translate({id: 'docsChat.panel.suggestions', message: 'Suggested questions'}),
    table: translate({id: 'docsChat.panel.table', message: 'Table'}),
    admonitions: {
      note: translate({id: 'docsChat.panel.admonitions.note', message: 'Note'}),
      tip: translate({id: 'docsChat.panel.admonitions.tip', message: 'Tip'}),
      info: translate({id: 'docsChat.panel.admonitions.info', message: 'Info'}),
      important: translate({id: 'docsChat.panel.admonitions.important', message: 'Important'}),
      warning: translate({id: 'docsChat.panel.admonitions.warning', message: 'Warning'}),
      caution: translate({id: 'docsChat.panel.admonitions.caution', message: 'Caution'}),
      danger: translate({id: 'docsChat.panel.admonitions.danger', message: 'Danger'}),
    },
    rest: translate({id: 'docsChat.panel.rest', message: 'The rest of this section'}),
    code: (language) =>
      language === ''
        ? translate({id: 'docsChat.panel.code', message: 'Code'})
        : translate({id: 'docsChat.panel.codeIn', message: 'Code, {language}'}, {language}),
    historyTitle: translate({id: 'docsChat.panel.historyTitle', message: 'Past chats'}),
    historyEmpty: translate({
      id: 'docsChat.panel.historyEmpty',
      message: 'No past chats yet. Your questions will be listed here.',
    }),
    historyMore: translate({id: 'docsChat.panel.historyMore', message: 'Show more'}),
    back: translate({id: 'docsChat.panel.back', message: 'Back to the chat'}),
    untitled: translate({id: 'docsChat.panel.untitled', message: 'Untitled chat'}),
    rename: translate({id: 'docsChat.panel.rename', message: 'Rename'}),
    renameField: translate({id: 'docsChat.panel.renameField', message: 'Title of the chat'}),
    save: translate({id: 'docsChat.panel.save', message: 'Save'}),
    cancel: translate({id: 'docsChat.panel.cancel', message: 'Cancel'}),
    remove: translate({id: 'docsChat.panel.remove', message: 'Delete'}),
    removeQuestion: (title) =>
      translate(
        {
          id: 'docsChat.panel.removeQuestion',
          message: 'Delete “{title}”? This cannot be undone.',
        },
        {title},
      ),
    errors: {
      offline: {
        title: translate({id: 'docsChat.panel.errors.offline.title', message: 'You’re offline'}),
        body: translate({
          id: 'docsChat.panel.errors.offline.body',
          message: 'Your question is kept and will be there when you are back.',
        }),
      },
      network: {
        title: translate({
          id: 'docsChat.panel.errors.network.title',
          message: 'The server did not answer',
        }),
        body: translate({
          id: 'docsChat.panel.errors.network.body',
          message: 'It may be down, or something blocks the way to it. Your question is kept.',
        }),
      },
      unauthorized: {
        title: translate({
          id: 'docsChat.panel.errors.unauthorized.title',
          message: 'The server did not let you in',
        }),
        body: translate({
          id: 'docsChat.panel.errors.unauthorized.body',
          message:
            'It refused a fresh identity. Your question is kept: try again, or reload the page.',
        }),
      },
      forbidden: {
        title: translate({
          id: 'docsChat.panel.errors.forbidden.title',
          message: 'This is not allowed',
        }),
        body: translate({
          id: 'docsChat.panel.errors.forbidden.body',
          message: 'The server refused the request. If it is an old chat, start a new one.',
        }),
      },
      not_found: {
        title: translate({
          id: 'docsChat.panel.errors.not_found.title',
          message: 'This chat no longer exists',
        }),
        body: translate({
          id: 'docsChat.panel.errors.not_found.body',
          message: 'It was deleted or has expired. Asked again, your question starts a new chat.',
        }),
      },
      too_large: {
        title: translate({id: 'docsChat.panel.errors.too_large.title', message: 'That’s too long'}),
        body: translate({
          id: 'docsChat.panel.errors.too_large.body',
          message: 'Shorten your question and send it again.',
        }),
      },
      rate_limited: {
        title: translate({
          id: 'docsChat.panel.errors.rate_limited.title',
          message: 'That’s a lot of questions',
        }),
        body: translate({
          id: 'docsChat.panel.errors.rate_limited.body',
          message: 'Your question is kept.',
        }),
      },
      rejected: {
        title: translate({
          id: 'docsChat.panel.errors.rejected.title',
          message: 'The server refused the question',
        }),
        body: translate({
          id: 'docsChat.panel.errors.rejected.body',
          message: 'It is kept here. Try again, or ask in other words.',
        }),
      },
      server: {
        title: translate({
          id: 'docsChat.panel.errors.server.title',
          message: 'Something went wrong on the server',
        }),
        body: translate({
          id: 'docsChat.panel.errors.server.body',
          message: 'Your question is kept. Try again in a moment.',
        }),
      },
      bad_response: {
        title: translate({
          id: 'docsChat.panel.errors.bad_response.title',
          message: 'The answer could not be read',
        }),
        body: translate({
          id: 'docsChat.panel.errors.bad_response.body',
          message: 'Something other than the chat server answered. Your question is kept.',
        }),
      },
      cut: {
        title: translate({id: 'docsChat.panel.errors.cut.title', message: 'The connection broke'}),
        body: translate({
          id: 'docsChat.panel.errors.cut.body',
          message: 'No answer arrived. Your question is kept.',
        }),
      },
      stream: {
        title: translate({id: 'docsChat.panel.errors.stream.title', message: 'The answer failed'}),
        body: translate({
          id: 'docsChat.panel.errors.stream.body',
          message: 'Your question is kept. Try again in a moment.',
        }),
      },
    },
    cutHalfway: {
      title: translate({
        id: 'docsChat.panel.cutHalfway.title',
        message: 'The answer stopped half-way',
      }),
      body: translate({
        id: 'docsChat.panel.cutHalfway.body',
        message: 'The connection broke. What arrived is kept.',
      }),
    },
    waitSeconds: (seconds) =>
      selectPlural(
        seconds,
        translate(
          {
            id: 'docsChat.panel.waitSeconds',
            message: 'You can ask again in 1 second.|You can ask again in {seconds} seconds.',
          },
          {seconds},
        ),
      ),
    waitUntil: (time) =>
      translate({id: 'docsChat.panel.waitUntil', message: 'You can ask again from {time}.'}, {time}),
    waitOver: translate({id: 'docsChat.panel.waitOver', message: 'You can ask again now.'}),
    offline: {
      title: translate({id: 'docsChat.panel.offline.title', message: 'You’re offline'}),
      body: translate({
        id: 'docsChat.panel.offline.body',
        message: 'What you type is kept. Ask when you are back.',
      }),
    },
    backOnline: {
      title: translate({id: 'docsChat.panel.backOnline.title', message: 'You’re back online'}),
      body: translate({id: 'docsChat.panel.backOnline.body', message: 'Your question was kept.'}),
    },
    closedChat: {
      title: translate({id: 'docsChat.panel.closedChat.title', message: 'This chat is closed'}),
      body: translate({
        id: 'docsChat.panel.closedChat.body',
        message: 'It takes no more questions. Start a new one to go on.',
      }),
    },
    lockedChat: {
      title: translate({id: 'docsChat.panel.lockedChat.title', message: 'This chat is locked'}),
      body: translate({
        id: 'docsChat.panel.lockedChat.body',
        message: 'It takes no questions for now. Start a new one to go on.',
      }),
    },
    feedback: {
      title: translate({id: 'docsChat.panel.feedback.title', message: 'What was not helpful?'}),
      reasons: {
        wrong: translate({id: 'docsChat.panel.feedback.reasons.wrong', message: 'It is wrong'}),
        missing: translate({
          id: 'docsChat.panel.feedback.reasons.missing',
          message: 'Something is missing',
        }),
        off_topic: translate({
          id: 'docsChat.panel.feedback.reasons.off_topic',
          message: 'It is about something else',
        }),
        unsupported: translate({
          id: 'docsChat.panel.feedback.reasons.unsupported',
          message: 'The sources do not say so',
        }),
      },
      text: translate({
        id: 'docsChat.panel.feedback.text',
        message: 'In your own words (optional)',
      }),
      send: translate({id: 'docsChat.panel.feedback.send', message: 'Send'}),
      skip: translate({id: 'docsChat.panel.feedback.skip', message: 'Skip'}),
      thanks: translate({
        id: 'docsChat.panel.feedback.thanks',
        message: 'Thank you. It helps to improve these docs.',
      }),
    },
    inquiry: {
      submit: translate({id: 'docsChat.panel.inquiry.submit', message: 'Send answers'}),
      skip: translate({id: 'docsChat.panel.inquiry.skip', message: 'Skip'}),
      other: translate({id: 'docsChat.panel.inquiry.other', message: 'Something else'}),
      skipped: translate({id: 'docsChat.panel.inquiry.skipped', message: 'Skipped'}),
    },
    widget: {choose: translate({id: 'docsChat.panel.widget.choose', message: 'Choose…'})},
    image: {
      alt: translate({id: 'docsChat.panel.image.alt', message: 'Generated image'}),
      making: translate({id: 'docsChat.panel.image.making', message: 'Making an image…'}),
      refused: (host) =>
        translate(
          {id: 'docsChat.panel.image.refused', message: 'An image from {host} is not shown.'},
          {host},
        ),
    },
    tags: {
      list: translate({id: 'docsChat.panel.tags.list', message: 'Pages'}),
      found: (count) =>
        selectPlural(
          count,
          translate(
            {id: 'docsChat.panel.tags.found', message: '1 page found.|{count} pages found.'},
            {count},
          ),
        ),
      none: translate({id: 'docsChat.panel.tags.none', message: 'No page found.'}),
      chosen: translate({id: 'docsChat.panel.tags.chosen', message: 'Pages in your question'}),
      remove: (title) =>
        translate({id: 'docsChat.panel.tags.remove', message: 'Remove {title}'}, {title}),
    },
    files: {
      add: translate({id: 'docsChat.panel.files.add', message: 'Add a file'}),
      list: translate({id: 'docsChat.panel.files.list', message: 'Files'}),
      sending: translate({id: 'docsChat.panel.files.sending', message: 'Sending…'}),
      failed: translate({id: 'docsChat.panel.files.failed', message: 'Not sent'}),
      tooLarge: (size) =>
        translate({id: 'docsChat.panel.files.tooLarge', message: 'Larger than {size}'}, {size}),
      tooMany: (count) =>
        selectPlural(
          count,
          translate(
            {id: 'docsChat.panel.files.tooMany', message: 'One file at most|{count} files at most'},
            {count},
          ),
        ),
      remove: (name) =>
        translate({id: 'docsChat.panel.files.remove', message: 'Remove {name}'}, {name}),
    },
  };
}
