/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.routing.RouteStoreContract.RELAY;
import static org.jamesoutgoing.routing.RouteStoreContract.SALES;
import static org.jamesoutgoing.routing.RouteStoreContract.SLOW;
import static org.jamesoutgoing.routing.RouteStoreContract.put;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jamesoutgoing.routing.RouteStore.UnusableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store's file that something happened to: it is never read as other routes, and never written over. */
class RouteStoreDamageTest {

    @TempDir
    Path directory;

    private Path file;
    private byte[] good;
    private byte[] older;

    @BeforeEach
    void makeStore() throws Exception {
        file = directory.resolve("outgoing-routes.json");
        put(open(), SALES, RELAY);
        older = Files.readAllBytes(file);
        put(open(), RouteName.parse("*.example.com"), SLOW);
        good = Files.readAllBytes(file);
    }

    private JsonRouteStore open() {
        return new JsonRouteStore(file, work -> () -> {});
    }

    private void refused(String what, byte[]... parts) throws Exception {
        ByteArrayOutputStream bad = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bad.writeBytes(part);
        }
        Files.write(file, bad.toByteArray());
        JsonRouteStore store = open();
        refused(what, store::load);
        refused(what, () -> put(store, SALES, SLOW));
        refused(what, () -> store.delete(SALES, RouteStoreContract.ANY, all -> {}));
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
                    .startsWith("the route store " + file + " cannot be used: it is damaged")
                    .endsWith("; put a good copy in its place, or start James without it to have no run-time routes")
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
                    StoreFormat.read(bad);
                } catch (StoreFormat.BadContentException e) {
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
            return;
        }
        throw new AssertionError("was taken");
    }

    @Test
    void aGoodCopyPutBackIsGood() throws Exception {
        JsonRouteStore store = open();
        Files.write(file, new byte[0]);
        refused("empty", store::load);
        Files.write(file, good);
        assertThat(store.load()).hasSize(2);
        put(store, SALES, SLOW);
        assertThat(open().load().get(SALES).values()).isEqualTo(SLOW);
    }
}
