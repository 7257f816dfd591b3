import type {ReactNode} from 'react';
import {usePanel} from '../context.js';
import type {WidgetNode} from '../protocol.js';
import {list, part, text} from './fields.js';

/** A chart as the numbers that it shows: a table can be read, copied and heard. */
export function ChartTable({node}: {node: WidgetNode}): ReactNode {
  const {strings} = usePanel();
  const axis = part(node, 'xAxis');
  const key = (axis === undefined ? text(node, 'xAxis') : text(axis, 'dataKey')) ?? '';
  const labels = (axis && part(axis, 'labels')) ?? {};
  const series = list(node, 'series');
  return (
    <div className="dc-table" tabIndex={0} role="region" aria-label={strings.table}>
      <table>
        <thead>
          <tr>
            <td />
            {series.map((one, at) => (
              <th key={at} scope="col">
                {text(one, 'label') ?? text(one, 'dataKey')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list(node, 'data').map((row, at) => (
            <tr key={at}>
              <th scope="row">{text(labels, text(row, key) ?? '') ?? text(row, key)}</th>
              {series.map((one, column) => (
                <td key={column}>{text(row, text(one, 'dataKey') ?? '')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
