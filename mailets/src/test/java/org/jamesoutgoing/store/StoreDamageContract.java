/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store's file that something happened to: it is never read as something else, and never written over. */
public abstract class StoreDamageContract<K, V> {

    private static final Expectation ANY = new Expectation.Any();

    @TempDir
    Path directory;

    private final Codec<K, V> codec;
    private final K one;
    private final K other;
    private final V before;
    private final V after;
    private Path file;
    private byte[] good;
    private byte[] older;

    /**
     * @param one a name
     * @param other another name
     * @param before a value with the secret {@code hunter2} in it
     * @param after another value
     */
    protected StoreDamageContract(Codec<K, V> codec, K one, K other, V before, V after) {
        this.codec = codec;
        this.one = one;
        this.other = other;
        this.before = before;
        this.after = after;
    }

    @BeforeEach
    void makeStore() throws Exception {
        file = directory.resolve("store.json");
        open().put(one, before, ANY);
        older = Files.readAllBytes(file);
        open().put(other, after, ANY);
        good = Files.readAllBytes(file);
    }

    private JsonStore<K, V> open() {
        return new JsonStore<>(file, codec, work -> () -> {});
    }

    private void refused(String what, byte[]... parts) throws Exception {
        ByteArrayOutputStream bad = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bad.writeBytes(part);
        }
        Files.write(file, bad.toByteArray());
        JsonStore<K, V> store = open();
        refused(what, store::load);
        refused(what, () -> store.put(one, after, ANY));
        refused(what, () -> store.delete(one, ANY));
        if (!Arrays.equals(Files.readAllBytes(file), bad.toByteArray())) {
            throw new AssertionError(what + ": the file was changed");
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private void refused(String what, Action action) throws Exception {
        try {
            action.run();
        } catch (UnusableException e) {
            assertThat(e.getMessage())
                    .startsWith("the " + codec.words().one() + " store " + file + " cannot be used: it is damaged")
                    .endsWith("; put a good copy in its place, or start James without it to have no run-time "
                            + codec.words().many())
                    .doesNotContain("\n", "hunter2");
            return;
        }
        throw new AssertionError(what + ": was taken");
    }

    @Test
    void cutAtAnyOctetItIsRefused() throws Exception {
        for (int length = 0; length < good.length; length++) {
            refused("cut at " + length, Arrays.copyOf(good, length));
        }
    }

    @Test
    void withoutItsBeginningItIsRefused() throws Exception {
        for (int start = 1; start < good.length; start++) {
            refused("from " + start, Arrays.copyOfRange(good, start, good.length));
        }
    }

    @Test
    void withAnyBitFlippedItIsRefused() throws Exception {
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << bit);
                try {
                    new StoreFormat<>(codec).read(bad);
                } catch (IllegalArgumentException e) {
                    continue;
                }
                throw new AssertionError("octet " + i + ", bit " + bit + ": was taken");
            }
            byte[] bad = good.clone();
            bad[i] ^= 1;
            refused("octet " + i, bad);
        }
    }

    @Test
    void filledWithZerosFromAnyOctetItIsRefused()
            throws Exception { // What some file systems leave after a power failure.
        for (int start = 0; start < good.length; start += 7) {
            byte[] bad = Arrays.copyOf(Arrays.copyOf(good, start), good.length);
            refused("zeros from " + start, bad);
        }
    }

    @Test
    void twoFilesInOneAreRefused() throws Exception {
        refused("twice", good, good);
        refused("older and newer", older, good);
        refused("newer and older", good, older);
        refused("newer over older", Arrays.copyOf(good, older.length / 2), tail(older, older.length / 2));
        refused("older over newer", Arrays.copyOf(older, older.length / 2), tail(good, older.length / 2));
        refused("a line more", good, new byte[] {'\n'});
        refused("a line before", new byte[] {'\n'}, good);
        refused("a mark before", new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, good);
    }

    private static byte[] tail(byte[] octets, int start) {
        return Arrays.copyOfRange(octets, start, octets.length);
    }

    @Test
    void aNewerFormatIsSaidToBeOne() throws Exception {
        String text = Files.readString(file).replace("\"format\":1", "\"format\":2");
        Files.writeString(file, text);
        try {
            open().load();
        } catch (UnusableException e) {
            assertThat(e).hasMessageContaining("it is damaged, or written by a newer version");
            assertThat(e)
                    .hasMessageContaining(file + " ")
                    .hasMessageContaining("its format is 2, and this version knows 1");
            return;
        }
        throw new AssertionError("was taken");
    }

    @Test
    void aGoodCopyPutBackIsGood() throws Exception {
        JsonStore<K, V> store = open();
        Files.write(file, new byte[0]);
        refused("empty", store::load);
        Files.write(file, good);
        assertThat(store.load()).hasSize(2);
        store.put(one, after, ANY);
        assertThat(open().load().get(one).value()).isEqualTo(after);
    }
}
