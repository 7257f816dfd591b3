import type {Annotation, ItemUpdate, TextPart, ThreadItem, WidgetNode} from './protocol.js';

/** An item with one update applied. An update that does not fit the item changes nothing. */
export function applyUpdate(item: ThreadItem, update: ItemUpdate): ThreadItem {
  switch (item.type) {
    case 'assistant_message':
      return updateMessage(item, update);
    case 'workflow': {
      if (update.type !== 'workflow.task.added' && update.type !== 'workflow.task.updated') {
        return item;
      }
      const tasks = setAt(item.workflow.tasks, update.task_index, update.task);
      return {...item, workflow: {...item.workflow, tasks}};
    }
    case 'widget':
      return {...item, widget: updateWidget(item.widget, update)};
    case 'generated_image':
      if (update.type !== 'generated_image.updated') {
        return item;
      }
      return {...item, image: update.image, ...(update.progress === undefined ? {} : {progress: update.progress})};
    default:
      return item;
  }
}

function updateMessage(item: ThreadItem & {type: 'assistant_message'}, update: ItemUpdate): ThreadItem {
  if (!('content_index' in update)) {
    return item;
  }
  const {content_index: at} = update;
  const part = item.content[at] ?? {type: 'output_text' as const, text: '', annotations: []};
  const put = (next: TextPart): ThreadItem => ({...item, content: setAt(item.content, at, next)});
  switch (update.type) {
    case 'assistant_message.content_part.added':
      return put({...update.content, annotations: update.content.annotations ?? []});
    case 'assistant_message.content_part.text_delta':
      return put({...part, text: part.text + update.delta});
    case 'assistant_message.content_part.annotation_added':
      return put({...part, annotations: setAt(part.annotations, update.annotation_index, update.annotation)});
    case 'assistant_message.content_part.done':
      return put({...update.content, annotations: keepAnnotations(part.annotations, update.content.annotations)});
    default:
      return item;
  }
}

/** Servers may finish a part without repeating its annotations; the item's own end carries them again. */
function keepAnnotations(added: Annotation[], done: Annotation[] | undefined): Annotation[] {
  return done === undefined || done.length === 0 ? added : done;
}

function updateWidget(root: WidgetNode, update: ItemUpdate): WidgetNode {
  switch (update.type) {
    case 'widget.root.updated':
      return update.widget;
    case 'widget.component.updated':
      return replaceNode(root, update.component_id, () => update.component);
    case 'widget.streaming_text.value_delta':
      return replaceNode(root, update.component_id, (node) => ({
        ...node,
        value: (node.value ?? '') + update.delta,
        streaming: !update.done,
      }));
    default:
      return root;
  }
}

function replaceNode(node: WidgetNode, id: string, change: (node: WidgetNode) => WidgetNode): WidgetNode {
  if (node.id === id) {
    return change(node);
  }
  const {children} = node;
  if (children === undefined) {
    return node;
  }
  const replace = (child: WidgetNode) => replaceNode(child, id, change);
  return {...node, children: Array.isArray(children) ? children.map(replace) : replace(children)};
}

/** A copy with the value at the index, appended when the index lies past the end. */
function setAt<T>(list: readonly T[], index: number, value: T): T[] {
  return index < list.length ? list.map((old, at) => (at === index ? value : old)) : [...list, value];
}
