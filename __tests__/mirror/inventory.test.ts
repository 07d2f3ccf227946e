import { describe, expect, it } from 'vitest';
import { createInventory } from '../../src/mirror/index.ts';
import { digestOf } from '../../src/oci/index.ts';

const blob = digestOf(Buffer.from('blob'));
const manifest = digestOf(Buffer.from('manifest'));

describe('an inventory', () => {
  it('knows nothing but which repositories are empty', () => {
    const inventory = createInventory((name) => name === 'app');
    expect([inventory.isNew('app'), inventory.isNew('lib')]).toEqual([true, false]);
    expect(inventory.hasBlob('app', blob)).toBe(false);
    expect(inventory.homeOf(blob)).toBeUndefined();
  });

  it('keeps repositories apart and remembers where a blob lay first', () => {
    const inventory = createInventory(() => false);
    inventory.addBlob('app', blob);
    inventory.addBlob('lib', blob);
    inventory.addManifest('app', manifest);
    expect(inventory.homeOf(blob)).toBe('app');
    expect([inventory.hasBlob('lib', blob), inventory.hasBlob('etc', blob)]).toEqual([true, false]);
    expect([
      inventory.hasManifest('app', manifest),
      inventory.hasManifest('lib', manifest),
    ]).toEqual([true, false]);
  });

  it('drops all that it believed of a repository, also that it was empty', () => {
    const inventory = createInventory(() => true);
    inventory.addBlob('app', blob);
    inventory.addManifest('app', manifest);
    inventory.forget('app');
    expect(inventory.isNew('app')).toBe(false);
    expect(inventory.hasBlob('app', blob)).toBe(false);
    expect(inventory.hasManifest('app', manifest)).toBe(false);
    expect(inventory.homeOf(blob)).toBeUndefined();
    expect(inventory.isNew('lib')).toBe(true);
  });

  it('leaves a blob its home when another repository is forgotten', () => {
    const inventory = createInventory(() => false);
    inventory.addBlob('app', blob);
    inventory.addBlob('lib', blob);
    inventory.forget('lib');
    expect(inventory.homeOf(blob)).toBe('app');
  });
});
