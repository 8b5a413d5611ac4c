import { type Labels, labelValue, type Matcher } from "@avx/model";
import { compileMatcher, literalValues } from "@avx/promql";
import { HeadSeries } from "./head-series.ts";
import { Postings } from "./postings.ts";
import { SampleMemory } from "./sample-memory.ts";
import { SeriesTable } from "./series-table.ts";

/** Label objects remembered at least, see `byIdentity`. */
const MIN_IDENTITIES = 1_000;

/**
 * Label set -> series, and the inverted index name -> value -> series by which selectors are
 * answered. Every list of series is in the order of creation.
 */
export class LabelIndex {
  private readonly byLabels = new SeriesTable();
  /** Decoders hand the same Labels object again and again; this spares them the hash. */
  private readonly byIdentity = new Map<Labels, HeadSeries>();
  /** The same for whole requests: a steady sender's list of labels comes again as one object. */
  private byList = new WeakMap<readonly Labels[], readonly HeadSeries[]>();
  private readonly byId = new Map<number, HeadSeries>();
  private readonly postings = new Postings();
  private nextId = 1;
  private readonly memory = new SampleMemory();

  get size(): number {
    return this.byId.size;
  }

  /** Memory of the samples of all series. */
  get sampleBytes(): number {
    return this.memory.usedBytes;
  }

  all(): IterableIterator<HeadSeries> {
    return this.byId.values();
  }

  withId(id: number): HeadSeries | undefined {
    return this.byId.get(id);
  }

  find(labels: Labels): HeadSeries | undefined {
    const known = this.byIdentity.get(labels);
    if (known) return known;
    const found = this.byLabels.find(labels);
    if (found) this.remember(labels, found);
    return found;
  }

  /** The series of a list, when `rememberList` was told of them and none has gone since. */
  findList(list: readonly Labels[]): readonly HeadSeries[] | undefined {
    return this.byList.get(list);
  }

  rememberList(list: readonly Labels[], series: readonly HeadSeries[]): void {
    this.byList.set(list, series);
  }

  private remember(labels: Labels, series: HeadSeries): void {
    // Decoders without a cache of their own bring a new object each time: those must not pile up.
    if (this.byIdentity.size >= MIN_IDENTITIES + this.byId.size) this.byIdentity.clear();
    this.byIdentity.set(labels, series);
  }

  /** Adds a label set that `find` does not know. Ids grow; a given id is kept (series of the engine). */
  add(labels: Labels, id = this.nextId): HeadSeries {
    const series = new HeadSeries(id, labels, this.memory);
    this.nextId = Math.max(this.nextId, id + 1);
    this.byLabels.add(series);
    this.byId.set(id, series);
    this.postings.add(series);
    return series;
  }

  /** How many series have this label value. */
  countWith(name: string, value: string): number {
    return this.postings.of(name, value).length;
  }

  /** Forgets series. */
  remove(gone: ReadonlySet<HeadSeries>): void {
    this.byIdentity.clear();
    this.byList = new WeakMap();
    for (const series of gone) {
      this.byId.delete(series.id);
      this.byLabels.remove(series);
    }
    this.postings.remove(gone);
  }

  /** Series that match all matchers. No matcher, or only ones that match "", selects from all. */
  select(matchers: readonly Matcher[]): HeadSeries[] {
    const compiled = matchers.map((matcher) => ({ ...matcher, test: compileMatcher(matcher) }));
    let candidates: readonly HeadSeries[] | undefined;
    let narrowest: (typeof compiled)[number] | undefined;
    for (const matcher of compiled) {
      if (matcher.test("")) continue;
      const list = this.candidatesOf(matcher);
      if (candidates && candidates.length <= list.length) continue;
      candidates = list;
      narrowest = matcher;
    }
    const rest = compiled.filter((matcher) => matcher !== narrowest).map(memoized);
    return [...(candidates ?? this.byId.values())].filter((series) =>
      rest.every(({ name, test }) => test(labelValue(series.labels, name))),
    );
  }

  private candidatesOf(matcher: CompiledMatcher): readonly HeadSeries[] {
    const { name } = matcher;
    const values = literalValues(matcher);
    const [only] = values ?? [];
    if (only !== undefined && values?.length === 1) return this.postings.of(name, only);
    const matching = values ?? [...this.postings.values(name)].filter(matcher.test);
    return matching.flatMap((value) => this.postings.of(name, value));
  }
}

interface CompiledMatcher extends Matcher {
  readonly test: (value: string) => boolean;
}

/** A regular expression runs once for each distinct value, not once for each series. */
function memoized(matcher: CompiledMatcher): CompiledMatcher {
  if (matcher.op === "=" || matcher.op === "!=") return matcher;
  const known = new Map<string, boolean>();
  const test = (value: string): boolean => {
    const cached = known.get(value);
    if (cached !== undefined) return cached;
    const result = matcher.test(value);
    known.set(value, result);
    return result;
  };
  return { ...matcher, test };
}
