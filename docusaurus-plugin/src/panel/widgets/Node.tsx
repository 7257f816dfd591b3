import {createElement, useState, type FormEvent, type ReactNode} from 'react';
import {usePanel} from '../context.js';
import {Prose} from '../Prose.js';
import type {WidgetNode} from '../protocol.js';
import {SafeImage} from '../SafeImage.js';
import {boxStyle, color, LINES, textStyle} from './boxStyle.js';
import {ChartTable} from './ChartTable.js';
import {CardFoot, Status} from './CardParts.js';
import {ActionButton, CheckboxField, DateField, RadioField, SelectField, TextField} from './Controls.js';
import {action, flag, list, MAX_DEPTH, number, oneOf, part, text} from './fields.js';
import {useWidget} from './Widget.js';
import {WidgetIcon} from './WidgetIcon.js';

type Props = {node: WidgetNode; depth: number};

/** The children of a node. */
function Children({node, depth}: Props): ReactNode {
  return list(node, 'children').map((child, at) => (
    <Node key={text(child, 'key') ?? text(child, 'id') ?? at} node={child} depth={depth + 1} />
  ));
}

/** One component by its name; of a name that is not known, what is inside it. */
export function Node({node, depth}: Props): ReactNode {
  if (depth > MAX_DEPTH) {
    return null;
  }
  const inside = <Children node={node} depth={depth} />;
  switch (node.type) {
    case 'Card':
      return <Card node={node} depth={depth} />;
    case 'ListView':
      return <ListView node={node} depth={depth} />;
    case 'ListViewItem':
      return <ListItem node={node} depth={depth} />;
    case 'Form':
      return <Form node={node} depth={depth} />;
    case 'Row':
    case 'Col':
    case 'Box':
    case 'Basic': {
      const row = node.type === 'Row' || (node.type === 'Box' && text(node, 'direction') === 'row');
      return (
        <div className={row ? 'dc-w-row' : 'dc-w-col'} style={boxStyle(node)}>
          {inside}
        </div>
      );
    }
    case 'Title':
    case 'Text':
    case 'Caption':
      return <Words node={node} />;
    case 'Markdown':
      return <Prose text={text(node, 'value') ?? ''} streaming={flag(node, 'streaming')} />;
    case 'Label':
      return <Label node={node} />;
    case 'Badge': {
      const tone = oneOf(node, 'color', ['secondary', 'success', 'danger', 'warning', 'info', 'discovery']);
      return (
        <span className={`dc-w-badge dc-w-${tone}`} data-variant={oneOf(node, 'variant', ['soft', 'solid', 'outline'])}>
          {text(node, 'label')}
        </span>
      );
    }
    case 'Icon':
      return <WidgetIcon name={text(node, 'name')} size={text(node, 'size')} color={color(node, 'color')} />;
    case 'Image':
      return <Picture node={node} />;
    case 'Divider':
      return <hr className="dc-w-divider" style={{borderColor: color(node, 'color', LINES), marginBlock: boxStyle({gap: node.spacing}).gap}} />;
    case 'Spacer':
      return <span className="dc-w-spacer" style={{minInlineSize: boxStyle(node).minInlineSize}} />;
    case 'Table':
    case 'Table.Row':
    case 'Table.Cell':
      return <TablePart node={node} depth={depth} />;
    case 'Chart':
      return <ChartTable node={node} />;
    case 'Button':
      return <ActionButton node={node} />;
    case 'Input':
    case 'Textarea':
      return <TextField node={node} />;
    case 'Select':
      return <SelectField node={node} />;
    case 'DatePicker':
      return <DateField node={node} />;
    case 'Checkbox':
      return <CheckboxField node={node} />;
    case 'RadioGroup':
      return <RadioField node={node} />;
    default:
      return inside;
  }
}

function Words({node}: {node: WidgetNode}): ReactNode {
  const value = text(node, 'value') ?? '';
  const editable = part(node, 'editable');
  if (editable !== undefined) {
    return <TextField node={{...editable, defaultValue: value}} />;
  }
  const size = text(node, 'size') ?? '';
  const className = `dc-w-${String(node.type).toLowerCase()}`;
  return createElement(node.type === 'Title' ? 'h3' : 'p', {className, 'data-size': size, style: textStyle(node)}, value);
}

function Label({node}: {node: WidgetNode}): ReactNode {
  const name = text(node, 'fieldName') ?? '';
  return (
    <label
      className="dc-w-label"
      style={textStyle(node)}
      ref={(label) => {
        // The field may come after its label, and is named, not numbered.
        const fields = label?.closest('.dc-widget')?.querySelectorAll('[name]') ?? [];
        const field = name === '' ? undefined : [...fields].find((one) => one.getAttribute('name') === name);
        if (label && field !== undefined) {
          label.htmlFor = field.id;
        }
      }}
    >
      {text(node, 'value')}
    </label>
  );
}

function Picture({node}: {node: WidgetNode}): ReactNode {
  const fit = oneOf(node, 'fit', ['cover', 'contain', 'fill', 'scale-down', 'none']);
  const position = /^[a-z ]{3,14}$/.exec(text(node, 'position') ?? '')?.[0];
  return (
    <SafeImage
      url={text(node, 'src') ?? ''}
      alt={text(node, 'alt') ?? ''}
      className={flag(node, 'frame') ? 'dc-w-image dc-w-frame' : 'dc-w-image'}
      style={{...boxStyle(node), objectFit: fit, objectPosition: position}}
    />
  );
}

function Card({node, depth}: Props): ReactNode {
  const {run} = useWidget();
  const confirm = action(part(node, 'confirm') ?? {}, 'action');
  const [open, setOpen] = useState(!flag(node, 'collapsed'));
  const inside = (
    <>
      <Status node={node} onToggle={flag(node, 'collapsed') ? () => setOpen(!open) : undefined} open={open} />
      {open && <Children node={node} depth={depth} />}
      {open && <CardFoot node={node} />}
    </>
  );
  const shared = {
    className: 'dc-w-card',
    'data-size': text(node, 'size'),
    style: {...boxStyle({padding: node.padding, background: node.background}), colorScheme: schemeOf(node)},
  };
  return flag(node, 'asForm') && depth === 0 ? (
    <form {...shared} onSubmit={submitting((form) => run(confirm, form, 'container'))}>
      {inside}
    </form>
  ) : (
    <div {...shared}>{inside}</div>
  );
}

function schemeOf(node: WidgetNode): 'light' | 'dark' | undefined {
  const theme = text(node, 'theme');
  return theme === 'light' || theme === 'dark' ? theme : undefined;
}

function Form({node, depth}: Props): ReactNode {
  const {run} = useWidget();
  return (
    <form
      className={text(node, 'direction') === 'row' ? 'dc-w-row' : 'dc-w-col'}
      style={boxStyle(node)}
      onSubmit={submitting((form) => run(action(node, 'onSubmitAction'), form))}
    >
      <Children node={node} depth={depth} />
    </form>
  );
}

function submitting(run: (form: HTMLFormElement) => void): (event: FormEvent<HTMLFormElement>) => void {
  return (event) => {
    event.preventDefault();
    run(event.currentTarget);
  };
}

function ListView({node, depth}: Props): ReactNode {
  const {strings} = usePanel();
  const items = list(node, 'children');
  const [all, setAll] = useState(false);
  const limit = number(node, 'limit') ?? (text(node, 'limit') === 'auto' ? 6 : items.length);
  const shown = all ? items : items.slice(0, Math.max(1, limit));
  return (
    <div className="dc-w-card dc-w-list" style={{colorScheme: schemeOf(node)}}>
      <Status node={node} />
      <ul>
        {shown.map((child, at) => (
          <Node key={text(child, 'key') ?? text(child, 'id') ?? at} node={child} depth={depth + 1} />
        ))}
      </ul>
      {shown.length < items.length && (
        <button type="button" className="dc-btn" onClick={() => setAll(true)}>
          {strings.historyMore}
        </button>
      )}
    </div>
  );
}

function ListItem({node, depth}: Props): ReactNode {
  const {run, usable} = useWidget();
  const onClick = action(node, 'onClickAction');
  const style = boxStyle({gap: node.gap, align: node.align});
  const inside = <Children node={node} depth={depth} />;
  return (
    <li>
      {onClick === undefined ? (
        <div className="dc-w-row" style={style}>
          {inside}
        </div>
      ) : (
        <button
          type="button"
          className="dc-w-row"
          style={style}
          aria-disabled={!usable && onClick.handler !== 'client'}
          onClick={(event) => run(onClick, event.currentTarget)}
        >
          {inside}
        </button>
      )}
    </li>
  );
}

function TablePart({node, depth}: Props): ReactNode {
  const {strings} = usePanel();
  const inside = <Children node={node} depth={depth} />;
  if (node.type === 'Table') {
    return (
      <div className="dc-table" tabIndex={0} role="region" aria-label={strings.table}>
        <table>
          <tbody>{inside}</tbody>
        </table>
      </div>
    );
  }
  if (node.type === 'Table.Row') {
    const tag = flag(node, 'header') ? 'th' : 'td';
    return (
      <tr>
        {list(node, 'children').map((cell, at) =>
          createElement(
            tag,
            {
              key: text(cell, 'key') ?? at,
              colSpan: number(cell, 'colSpan'),
              rowSpan: number(cell, 'rowSpan'),
              style: {
                ...boxStyle({padding: cell.padding, width: cell.width}),
                textAlign: oneOf(cell, 'align', ['start', 'center', 'end']),
              },
            },
            <Children node={cell} depth={depth + 1} />,
          ),
        )}
      </tr>
    );
  }
  return inside;
}
