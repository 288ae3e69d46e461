import { type Engine, ENGINE_TITLES } from './engines';
import { type Growth, type Question, QUESTIONS, type StoreFigures } from './growth';
import { figure, grouped, table } from './report';
import { PAGE_SIZE } from './workloads';

export const QUESTION_TITLES: Readonly<Record<Question, string>> = {
  inbox: `inbox page, ${PAGE_SIZE} messages`,
  deep: 'page by cursor, 10,000 deep, or half of the inbox',
  end: 'last page, by cursor',
  search: 'search, some 20 hits',
  'search-none': 'search, no hit',
  count: 'totalCount of the inbox',
};

/** What was measured of each size, and how it compares with the smallest: as Markdown, a table for each engine. */
export function growthReport(growths: readonly Growth[]): string {
  return growths.map(reportOf).join('\n\n');
}

function reportOf({ engine, stores, circumstances }: Growth): string {
  const sizes = stores.map(({ messages }) => grouped(messages));
  const headings = [ENGINE_TITLES[engine], ...sizes, ...sizes.slice(1).map(size => `${size}: ratio`), 'goal'];
  return `${table(headings, rowsOf(engine, stores))}\n\n${circumstances.map(note => `- ${note}`).join('\n')}`;
}

function rowsOf(engine: Engine, stores: readonly StoreFigures[]): readonly (readonly string[])[] {
  const questions = QUESTIONS.map(question =>
    row(stores, {
      title: `${QUESTION_TITLES[question]}, ms`,
      goal: question === 'count' ? COUNT_GOALS[engine] : (GOALS[question] ?? ''),
      valueOf: ({ p50Ms }) => p50Ms[question],
    }),
  );
  const others = [
    row(stores, { title: 'start to ready, ms', goal: '≤ 2,000', valueOf: ({ startMs }) => startMs }),
    row(stores, {
      title: 'import, lines a second',
      goal: engine === 'sqlite' ? '≥ 20,000' : '',
      valueOf: ({ imported }) => imported.pace,
    }),
    row(stores, { title: 'import, peak MiB', goal: 'flat', valueOf: ({ imported }) => imported.peakMiB }),
    row(stores, { title: 'export, lines a second', goal: '', valueOf: ({ exported }) => exported.pace }),
    row(stores, { title: 'export, peak MiB', goal: 'flat', valueOf: ({ exported }) => exported.peakMiB }),
  ];
  return [...questions, ...others];
}

/** At 1,000,000 messages against 10,000. */
const GOALS: Readonly<Partial<Record<Question, string>>> = {
  ...{ inbox: 'ratio ≤ 1.3', end: 'ratio ≤ 1.3', search: 'ratio ≤ 3', 'search-none': 'ratio ≤ 3' },
};
const COUNT_GOALS = { sqlite: '≤ 60 ms', postgres: '≤ 150 ms' } as const;

interface Row {
  readonly title: string;
  readonly goal: string;
  readonly valueOf: (store: StoreFigures) => number;
}

function row(stores: readonly StoreFigures[], { title, goal, valueOf }: Row): readonly string[] {
  const values = stores.map(valueOf);
  const [smallest = Number.NaN, ...others] = values;
  return [title, ...values.map(figure), ...others.map(value => (value / smallest).toFixed(2)), goal];
}
