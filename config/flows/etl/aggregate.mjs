/** Sums countries up by continent, the most populous first, and names the largest countries of each. */
export function aggregate(countries, { continent, top }) {
  const groups = new Map();
  for (const country of countries) {
    if (continent !== undefined && country.continent !== continent) continue;
    groups.set(country.continent, [...(groups.get(country.continent) ?? []), country]);
  }
  return [...groups].map(([name, members]) => summary(name, members, top)).sort((a, b) => b.population - a.population);
}

function summary(continent, members, top) {
  const population = sum(members, 'population');
  const areaKm2 = sum(members, 'areaKm2');
  const largest = members.toSorted((a, b) => b.population - a.population).slice(0, top);
  return {
    continent,
    countries: members.length,
    population,
    areaKm2: Math.round(areaKm2),
    peoplePerKm2: Number((population / areaKm2).toFixed(1)),
    largest: largest.map(({ name }) => name),
  };
}

function sum(members, key) {
  return members.reduce((total, member) => total + member[key], 0);
}
