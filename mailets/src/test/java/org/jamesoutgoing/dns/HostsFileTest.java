/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsFileTest {
    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Path path;
    private HostsFile hosts;

    @BeforeEach
    void prepare() {
        path = directory.resolve("hosts");
        hosts = new HostsFile(path, nanos::get);
    }

    @Test
    void everyNameOfALineHasItsAddressAndANameMayHaveSeveral() throws IOException {
        write("# relays\n192.0.2.1\trelay.example Relay  # the old one\n2001:db8::1 relay.example.\n192.0.2.1 relay\n");
        assertThat(text("RELAY.example.")).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(text("relay")).containsExactly("192.0.2.1");
        assertThat(text("other")).isEmpty();
    }

    @Test
    void senselessLinesAreSkipped() throws IOException {
        write("\n   \nrelay.example\n300.0.0.1 relay.example\nfe80::1%eth0 relay.example\n0.0.0.0 relay.example\n"
                + "192.0.2.1\n\u00e4\u0000 x\r\n192.0.2.2 relay.example\r\n");
        assertThat(text("relay.example")).containsExactly("192.0.2.2");
    }

    @Test
    void aMissingFileHoldsNothing() {
        assertThat(text("relay.example")).isEmpty();
    }

    @Test
    void aChangeIsSeenAfterFiveSecondsAndNotLookedForBefore() throws IOException {
        write("192.0.2.1 relay.example\n");
        assertThat(text("relay.example")).containsExactly("192.0.2.1");
        write("192.0.2.22 relay.example\n");
        assertThat(text("relay.example")).containsExactly("192.0.2.1");
        nanos.addAndGet(HostsFile.FRESH.toNanos());
        assertThat(text("relay.example")).containsExactly("192.0.2.22");
        Files.delete(path);
        nanos.addAndGet(HostsFile.FRESH.toNanos());
        assertThat(text("relay.example")).isEmpty();
    }

    @Test
    void anUnreadableFileHoldsNothing() throws IOException {
        Files.createDirectory(path);
        assertThat(text("relay.example")).isEmpty();
    }

    @Test
    void theSystemHasOne() {
        assertThat(HostsFile.system(nanos::get).addresses("no-such-host.invalid"))
                .isEmpty();
    }

    private void write(String text) throws IOException {
        Files.writeString(path, text);
    }

    private List<String> text(String name) {
        return hosts.addresses(name).stream().map(InetAddress::getHostAddress).toList();
    }
}
