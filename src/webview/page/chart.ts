import './soundLocale.ts';
import uPlot from 'uplot';
import type { DashboardSeries } from '../messages.ts';
import { make } from './dom.ts';

export interface ChartOptions {
  readonly title: string;
  readonly column: 'cpuPercent' | 'memoryBytes';
  readonly toText: (value: number) => string;
  /** What the height stands for at least. */
  readonly least: number;
}

const height = 120;

/** One measure over time. What it shows is beside it as a table, for those who do not see it. */
export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  readonly #place = make('div', { attributes: { 'aria-hidden': 'true' } });
  #plot: uPlot | undefined;
  #series: DashboardSeries | undefined;

  constructor(options: ChartOptions) {
    this.#options = options;
    this.element = make('figure', {}, make('figcaption', { text: options.title }), this.#place);
    new ResizeObserver(() => {
      const width = this.#place.clientWidth;
      if (width > 0 && this.#plot !== undefined && this.#plot.width !== width) {
        this.#plot.setSize({ width, height });
      }
    }).observe(this.#place);
  }

  draw(series: DashboardSeries | undefined): void {
    this.#series = series;
    this.element.hidden = series === undefined;
    if (series === undefined) return;
    const data = dataOf(series, this.#options.column);
    if (this.#plot === undefined) this.#build(data);
    else this.#plot.setData(data);
  }

  /** In the colours of the theme as it is now. */
  rebuild(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.draw(this.#series);
  }

  #build(data: uPlot.AlignedData): void {
    const style = getComputedStyle(document.body);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const text = color('--dim');
    const line = color('--chart');
    const grid = { stroke: color('--grid'), width: 1 };
    const font = `11px ${style.fontFamily}`;
    const { toText, least } = this.#options;
    this.#plot = new uPlot(
      {
        width: Math.max(120, this.#place.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, 0, 0],
        scales: { y: { range: (_, __, max) => [0, Math.max(least, max * 1.1)] } },
        axes: [
          {
            stroke: text,
            grid: { show: false },
            ticks: { show: false },
            font,
            size: 24,
            values: (_, times) => times.map((at) => new Date(at * 1000).toTimeString().slice(0, 5)),
          },
          {
            stroke: text,
            grid,
            ticks: { show: false },
            font,
            size: 58,
            space: 32,
            values: (_, values) => values.map((value) => toText(value)),
          },
        ],
        series: [
          {},
          { stroke: line, width: 1.5, fill: color('--chart-fill'), points: { show: false } },
        ],
      },
      data,
      this.#place,
    );
  }
}

function dataOf(series: DashboardSeries, column: ChartOptions['column']): uPlot.AlignedData {
  return [series.atMs.map((at) => at / 1000), [...series[column]]];
}
