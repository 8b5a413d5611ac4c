import type { LagDesign } from "../regression/lag-features.ts";

/** Anchored at the last sample; neighbours of one season before carry its shape. */
export function seasonalChangeDesign(season: number): LagDesign {
  const around = season > 4 ? [season - 1, season, season + 1] : [season];
  return { anchor: 1, changes: [1, 2, ...around], levels: [], profiles: [1, season] };
}

/** The same without the mean profile, with one more recent change: for seasons seen few times. */
export function rareSeasonDesign(season: number): LagDesign {
  return {
    anchor: 1,
    changes: [1, 2, 3, season - 1, season, season + 1],
    levels: [],
    profiles: [1],
  };
}

/** Anchored at the last season: corrects the seasonal naive by profile, mean and newest errors. */
export function seasonalAnchorDesign(season: number): LagDesign {
  return { anchor: season, changes: [1, 2, season], levels: [], profiles: [1, season] };
}

/** A day within a week: everything around both seasons. */
export function doubleSeasonDesign(short: number, long: number): LagDesign {
  return {
    anchor: short,
    changes: [1, 2, 3, short - 1, short, short + 1, long - 1, long, long + 1],
    levels: [2 * short, long - short, long],
    profiles: [1, short, long],
  };
}

/** A day within a week, with few coefficients. */
export function leanDoubleSeasonDesign(short: number, long: number): LagDesign {
  return { anchor: short, changes: [1, 2, short], levels: [long], profiles: [1, long] };
}

/** Anchored at the last week. */
export function longAnchorDesign(short: number, long: number): LagDesign {
  return {
    anchor: long,
    changes: [1, 2, short, long - 1],
    levels: [short],
    profiles: [1, long, short],
  };
}
