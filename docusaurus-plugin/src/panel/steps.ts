import type {FileSource, Task} from './protocol.js';
import {toSearches, type Search} from './searches.js';

/** Something that was done for an answer, where there is more to tell about it than the line above it. */
export type Step = Search | Note;

/** A thought, a file that was read, or what a server calls its own; `content` is Markdown. */
export type Note = {title: string | undefined; content: string | undefined; files: string[]};

/** What the tasks of an answer say beyond `shown`, the line that stands for all of them. */
export function toSteps(tasks: readonly Task[], question: string, shown: string | undefined): Step[] {
  // Of a single search, that it looked for the question is no news.
  const known = toSearches(tasks, '').length > 1 ? '' : question;
  return tasks.flatMap((task): Step[] => {
    if (task.type === 'web_search') {
      return toSearches([task], known);
    }
    const note = toNote(task, shown);
    const says = note.content !== undefined || note.files.length > 0;
    // The name of the only task is what the line says in other words.
    return says || (note.title !== undefined && tasks.length > 1) ? [note] : [];
  });
}

function toNote(task: Task, shown: string | undefined): Note {
  const news = (text: string | undefined) => (text === shown || text === '' ? undefined : text);
  return {
    title: news(task.title),
    content: task.type === 'custom' || task.type === 'thought' ? news(task.content) : undefined,
    files: task.type === 'file' && Array.isArray(task.sources) ? task.sources.map(nameOf) : [],
  };
}

function nameOf({title, filename}: FileSource): string {
  return title === filename || title === '' ? filename : `${title} (${filename})`;
}
