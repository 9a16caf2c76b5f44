import { hashSync } from 'bcryptjs';
import { describe, expect, test } from 'vitest';
import { BusyError, createAuthenticator, parseAuthorization } from './basic-auth.ts';
import { createBcrypt } from './bcrypt.ts';

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  [basic('dave:dave123'), { user: 'dave', password: 'dave123' }],
  [basic('dave:a:b'), { user: 'dave', password: 'a:b' }],
  [basic(':'), { user: '', password: '' }],
  [basic('josé:contraseña'), { user: 'josé', password: 'contraseña' }],
  [basic('dave:x').replace('Basic', 'bAsIc'), { user: 'dave', password: 'x' }],
  [basic('dave'), undefined],
  [basic(Buffer.from([0x61, 0x3a, 0xff])), undefined],
  ['Basic', undefined],
  ['Basic *', undefined],
  [basic('dave:x').replace('Basic', 'Bearer'), undefined],
  ['', undefined],
  [undefined, undefined],
])('the header %o says %o', (header, credentials) => {
  expect(parseAuthorization(header)).toEqual(credentials);
});

/** Compares at once; a password fits a hash that ends with it. */
function recorder() {
  const asked: string[] = [];
  const compare = async (password: string, hash: string) => {
    asked.push(`${password} ${hash}`);
    return hash.endsWith(password);
  };
  return { asked, compare };
}

describe('an authenticator', () => {
  const users = new Map([
    ['dave', '$2b$04$hash-of-dave'],
    ['carol', '$2b$12$hash-of-carol'],
  ]);

  test('lets in who has the password, and nobody else', async () => {
    const authenticate = createAuthenticator(recorder().compare);
    expect(await authenticate(users, { user: 'dave', password: 'dave' })).toBe(true);
    expect(await authenticate(users, { user: 'dave', password: 'carol' })).toBe(false);
    expect(await authenticate(users, { user: 'carol', password: 'dave' })).toBe(false);
    expect(await authenticate(users, { user: 'nobody', password: 'dave' })).toBe(false);
  });

  test('compares an unknown user with a hash of the dearest cost, and refuses even if it fits', async () => {
    const { asked } = recorder();
    const authenticate = createAuthenticator(async (password, hash) => {
      asked.push(`${password} ${hash}`);
      return true;
    });
    expect(await authenticate(users, { user: 'nobody', password: 'x' })).toBe(false);
    expect(asked).toEqual([`x $2y$12$${'.'.repeat(53)}`]);
  });

  test('compares each user, hash and password once, even while the first is still waiting', async () => {
    const { asked, compare } = recorder();
    const authenticate = createAuthenticator(compare);
    const dave = { user: 'dave', password: 'dave' };
    await Promise.all([authenticate(users, dave), authenticate(users, dave)]);
    await authenticate(users, dave);
    expect(asked).toHaveLength(1);
    expect(await authenticate(new Map([['dave', '$2b$04$changed']]), dave)).toBe(false);
    expect(asked).toHaveLength(2);
  });

  test('does not mix up where a user ends and a password begins', async () => {
    const { asked, compare } = recorder();
    const authenticate = createAuthenticator(compare);
    const nobody = `$2y$12$${'.'.repeat(53)}`;
    await authenticate(users, { user: 'a', password: `${nobody}b` });
    await authenticate(users, { user: `a${nobody}`, password: 'b' });
    await authenticate(users, { user: `a","${nobody}`, password: 'b' });
    expect(asked).toHaveLength(3);
  });

  test('forgets refused passwords first, so that guessing does not push out who may come in', async () => {
    const { asked, compare } = recorder();
    const authenticate = createAuthenticator(compare);
    await authenticate(users, { user: 'dave', password: 'dave' });
    for (let guess = 0; guess < 300; guess += 1)
      await authenticate(users, { user: 'dave', password: `guess ${guess}` });
    expect(asked).toHaveLength(301);
    await authenticate(users, { user: 'dave', password: 'dave' });
    expect(asked).toHaveLength(301);
    await authenticate(users, { user: 'dave', password: 'guess 0' });
    expect(asked).toHaveLength(302);
  });

  test('turns further passwords away while 100 wait, and lets known ones through', async () => {
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    let held = false;
    const authenticate = createAuthenticator(async (password, hash) => {
      if (held) await gate;
      return hash.endsWith(password);
    });
    const dave = { user: 'dave', password: 'dave' };
    await authenticate(users, dave);
    held = true;
    const waiting = Array.from({ length: 99 }, (_, n) =>
      authenticate(users, { user: 'x', password: `${n}` }),
    );
    expect(await authenticate(users, dave)).toBe(true);
    const last = authenticate(users, { user: 'x', password: 'pushes dave out' });
    await expect(authenticate(users, { user: 'x', password: 'too many' })).rejects.toThrow(BusyError);
    release();
    expect(await Promise.all([...waiting, last])).not.toContain(true);
  });

  test('does not remember a check that failed', async () => {
    let calls = 0;
    const authenticate = createAuthenticator(async () => {
      calls += 1;
      if (calls === 1) throw new Error('worker gone');
      return true;
    });
    const dave = { user: 'dave', password: 'dave' };
    await expect(authenticate(users, dave)).rejects.toThrow('worker gone');
    expect(await authenticate(users, dave)).toBe(true);
  });
});

describe('bcrypt on its thread', () => {
  const hash = hashSync('secret', 4);

  test.each(['2a', '2b', '2y'])('compares with hashes of version %s', async (version) => {
    const bcrypt = createBcrypt();
    const versioned = hash.replace('2b', version);
    expect(await bcrypt.compare('secret', versioned)).toBe(true);
    expect(await bcrypt.compare('Secret', versioned)).toBe(false);
    await bcrypt.close();
  });

  test.each([
    ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
    ['', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  ])('agrees with crypt_blowfish that %o belongs to %s', async (password, known) => {
    const bcrypt = createBcrypt();
    expect(await bcrypt.compare(password, known)).toBe(true);
    expect(await bcrypt.compare(`${password}x`, known)).toBe(false);
    await bcrypt.close();
  });

  test('leaves the event loop turning while it computes', async () => {
    const bcrypt = createBcrypt();
    await bcrypt.compare('starts the thread', hash);
    const dear = hashSync('secret', 10);
    let turns = 0;
    let done = false;
    const turn = () => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    turn();
    expect(await bcrypt.compare('secret', dear)).toBe(true);
    done = true;
    await bcrypt.close();
    // On the same thread there would be no turn at all, or a handful with bcryptjs's asynchronous form.
    expect(turns).toBeGreaterThan(50);
  });

  test.each([0, 1, 10, 100, 1000])(
    'answers although its thread ends when idle, %i turns before',
    async (turns) => {
      const bcrypt = createBcrypt(0);
      expect(await bcrypt.compare('secret', hash)).toBe(true);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(await bcrypt.compare('secret', hash)).toBe(true);
      await bcrypt.close();
    },
  );

  test('fails what was waiting when it ends, and never says yes', async () => {
    const bcrypt = createBcrypt();
    const waiting = Promise.allSettled([bcrypt.compare('secret', hash), bcrypt.compare('secret', hash)]);
    await bcrypt.close();
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await bcrypt.compare('secret', hash)).toBe(true);
    await bcrypt.close();
  });

  test('fails, and goes on with the next, when the thread dies of a question', async () => {
    const bcrypt = createBcrypt();
    await expect(bcrypt.compare('secret', `$2x$10$${'.'.repeat(53)}`)).rejects.toThrow(
      'the password check ended before it answered',
    );
    expect(await bcrypt.compare('secret', hash)).toBe(true);
    await bcrypt.close();
  });
});
