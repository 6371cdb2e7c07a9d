/** A map in a query-protocol form: `<name>.entry.1.key`, `<name>.entry.1.value` and so on. */
export function attributesOf(form: URLSearchParams, name: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (let index = 1; form.has(`${name}.entry.${index}.key`); index += 1) {
    map.set(form.get(`${name}.entry.${index}.key`) ?? '', form.get(`${name}.entry.${index}.value`) ?? '');
  }
  return map;
}
