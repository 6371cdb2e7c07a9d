const SQUARE_MILES_PER_KM2 = 0.386102;

/** One line per continent. */
export function report(continents, { units }) {
  return continents.map(({ continent, countries, population, areaKm2, largest }) => {
    const area = units === 'imperial' ? `${Math.round(areaKm2 * SQUARE_MILES_PER_KM2)} mi²` : `${areaKm2} km²`;
    const millions = (population / 1e6).toFixed(1);
    return `${continent}: ${countries} countries and territories, ${millions} million people on ${area}; largest: ${largest.join(', ')}`;
  });
}
