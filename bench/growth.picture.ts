import { ENGINE_TITLES } from './engines';
import { type Growth, type Question, QUESTIONS } from './growth';
import { QUESTION_TITLES } from './growth.report';
import { grouped } from './report';

/** In pixels: a panel for each engine side by side, what the lines mean below. */
const PANEL = { width: 440, height: 320, left: 58, right: 36, top: 34, bottom: 48 };
const LEGEND_LINE = 20;

/** In the middle of dark and light, so that they can be told apart on either. */
const COLOURS: Readonly<Record<Question, string>> = {
  inbox: '#2f7ed8',
  deep: '#17a2a2',
  end: '#8a63d2',
  search: '#d9822b',
  'search-none': '#c94f7c',
  count: '#6b8e23',
};

/** The median waits over the number of messages, both on scales on which ten times more is always as far. */
export function growthPicture(growths: readonly Growth[]): string {
  const waits = growths.flatMap(({ stores }) => stores.flatMap(({ p50Ms }) => Object.values(p50Ms)));
  const sizes = growths.flatMap(({ stores }) => stores.map(({ messages }) => messages));
  const [left, right] = [Math.min(...sizes), Math.max(...sizes)].map(Math.log10);
  const [bottom, top] = [
    Math.floor(Math.log10(Math.min(...waits))),
    Math.ceil(Math.log10(Math.max(...waits))),
  ];
  const scales: Scales = {
    x: size => PANEL.left + share(Math.log10(size), left, right) * (PANEL.width - PANEL.left - PANEL.right),
    y: ms =>
      PANEL.height -
      PANEL.bottom -
      share(Math.log10(ms), bottom, top) * (PANEL.height - PANEL.top - PANEL.bottom),
    ticksMs: Array.from({ length: top - bottom + 1 }, (_, index) => 10 ** (bottom + index)),
  };
  const width = PANEL.width * growths.length;
  const height = PANEL.height + LEGEND_LINE * Math.ceil(QUESTIONS.length / 2) + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Median wait in milliseconds by the number of messages, both axes logarithmic</title>',
    `<style>${STYLE}</style>`,
    ...growths.map((each, index) => panel(each, scales, index * PANEL.width)),
    legend(width),
    '</svg>\n',
  ].join('\n');
}

/** Where a value lies, in pixels within a panel. */
interface Scales {
  readonly x: (size: number) => number;
  readonly y: (ms: number) => number;
  readonly ticksMs: readonly number[];
}

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 14px }
.grid { stroke: #8884; stroke-width: 1 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
`;

function panel({ engine, stores }: Growth, { x, y, ticksMs }: Scales, offset: number): string {
  const [from, to] = [PANEL.left, PANEL.width - PANEL.right];
  const floor = PANEL.height - PANEL.bottom;
  return [
    `<g transform="translate(${offset} 0)">`,
    text(from, 18, `${ENGINE_TITLES[engine]}, ms`, 'class="title"'),
    ...ticksMs.flatMap(ms => [
      `<path class="grid" d="M${from} ${round(y(ms))}H${to}"/>`,
      text(from - 8, y(ms) + 4, String(ms), 'text-anchor="end"'),
    ]),
    ...stores.map(({ messages }) => text(x(messages), floor + 20, grouped(messages), 'text-anchor="middle"')),
    text((from + to) / 2, floor + 38, 'messages', 'text-anchor="middle"'),
    ...QUESTIONS.flatMap(question => {
      const points = stores.map(({ messages, p50Ms }) => [round(x(messages)), round(y(p50Ms[question]))]);
      return [
        `<polyline class="line" stroke="${COLOURS[question]}" points="${points.map(point => point.join(',')).join(' ')}"/>`,
        ...points.map(
          ([cx, cy]) => `<circle cx="${cx ?? 0}" cy="${cy ?? 0}" r="3.5" fill="${COLOURS[question]}"/>`,
        ),
      ];
    }),
    '</g>',
  ].join('\n');
}

/** In two columns. */
function legend(width: number): string {
  return QUESTIONS.map((question, index) => {
    const x = PANEL.left + (index % 2) * (width / 2);
    const y = PANEL.height + 6 + Math.floor(index / 2) * LEGEND_LINE;
    return `<circle cx="${x}" cy="${y}" r="5" fill="${COLOURS[question]}"/>${text(x + 12, y + 4, QUESTION_TITLES[question])}`;
  }).join('\n');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${content}</text>`;
}

/** A single value lies at the start. */
function share(value: number, from = 0, to = 0): number {
  return to === from ? 0 : (value - from) / (to - from);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
