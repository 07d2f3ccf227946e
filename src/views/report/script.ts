import { scriptRows } from './script-rows.ts';
import { scriptState } from './script-state.ts';
import { scriptTable } from './script-table.ts';

/**
 * The script of a report: it filters, sorts and turns pages.
 *
 * Names only ever become text nodes, so that no name can become markup. It keeps what the reader chose behind the `#` of
 * the address, so that a view can be sent to somebody else.
 */
export const reportScript = `(() => {
'use strict';
const source = document.getElementById('data');
const body = document.querySelector('#changes-table tbody');
if (!source || !body) return;
${scriptRows}
${scriptState}
${scriptTable}
})();`;
