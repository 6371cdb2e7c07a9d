/** Trims, makes numbers of numbers, and drops what has no people or was there before; tells what it dropped, and why. */
export function clean(rows) {
  const countries = new Map();
  const dropped = [];
  for (const row of rows) {
    const country = {
      code: row.code.trim(),
      name: row.name.trim(),
      continent: row.continent.trim(),
      population: Number.parseInt(row.population_thousands, 10) * 1000,
      areaKm2: Number.parseFloat(row.area_km2),
    };
    const why = reasonToDrop(country, countries);
    if (why === undefined) countries.set(country.code, country);
    else dropped.push({ name: country.name, why });
  }
  return { countries: [...countries.values()], dropped };
}

function reasonToDrop({ code, population, areaKm2 }, countries) {
  if (countries.has(code)) return 'twice in the table';
  if (Number.isNaN(population)) return 'nobody lives there';
  return areaKm2 > 0 ? undefined : 'no area';
}
