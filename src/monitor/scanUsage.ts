import { scanLinuxUsage } from './linuxUsage.ts';
import { scanPortableUsage } from './portableUsage.ts';
import type { UsageTable } from './usageTable.ts';

/**
 * Fills an empty table. `findOwners` is called once the families are known, and says for each row
 * whose it is; where numbers cost more than a look, they are found out for those rows only.
 */
export async function scanUsage(
  table: UsageTable,
  findOwners: (table: UsageTable) => void,
): Promise<void> {
  await (process.platform === 'linux' ? scanLinuxUsage : scanPortableUsage)(table, findOwners);
}
