/**
 * Runs two measurements in turns, so that whatever else the machine is doing slows both alike.
 *
 * A first run of each is not counted: it fills caches.
 *
 * @returns what each answered, one a run
 */
export async function interleaved<A, B>(
  runs: number,
  measured: () => Promise<A>,
  instead: () => Promise<B>,
): Promise<{ readonly measured: readonly A[]; readonly instead: readonly B[] }> {
  await measured();
  await instead();
  const found = { measured: [] as A[], instead: [] as B[] };
  for (let run = 0; run < runs; run++) {
    found.measured.push(await measured());
    found.instead.push(await instead());
  }
  return found;
}
