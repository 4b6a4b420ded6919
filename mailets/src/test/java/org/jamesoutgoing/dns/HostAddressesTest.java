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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.dns.AddressAnswer.Addresses;
import org.jamesoutgoing.dns.AddressAnswer.NoData;
import org.jamesoutgoing.dns.AddressAnswer.NoSuchName;
import org.jamesoutgoing.dns.AddressAnswer.Unavailable;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressesTest {
    @TempDir
    Path directory;

    private final ScriptedResolver dns = new ScriptedResolver();
    private HostAddresses hosts;

    @BeforeEach
    void prepare() throws IOException {
        Path file = Files.writeString(directory.resolve("hosts"), "192.0.2.1 relay.example\n192.0.2.2 relay.example\n");
        hosts = new HostAddresses(
                dns,
                new HostsFile(file, () -> 0),
                Changed.of(ExchangerOptions.DEFAULT, "deadline", Duration.ofMillis(50)),
                () -> 0);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.9, 192.0.2.9",
        "[192.0.2.9], 192.0.2.9",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "[IPv6:2001:db8::1], 2001:db8:0:0:0:0:0:1",
    })
    void anAddressNeedsNoDns(String host, String address) {
        assertThat(text(lookup(host))).containsExactly(address);
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void aNameInTheHostsFileNeedsNoDns() {
        assertThat(text(lookup("Relay.Example."))).containsExactly("192.0.2.1", "192.0.2.2");
        assertThat(dns.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST.", "mail.localhost"})
    void localhostNeedsNoDnsEvenWhereTheHostsFileForgotIt(String name) { // RFC 6761 §6.3
        assertThat(text(lookup(name))).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void anyOtherNameIsAskedForInDnsAndTheAnswerKept() {
        dns.address(
                "xn--bcher-kva.example",
                new Addresses(List.of(InetAddress.getLoopbackAddress()), Duration.ofMinutes(1)));
        assertThat(text(lookup("bücher.example"))).containsExactly("127.0.0.1");
        lookup("BÜCHER.example");
        assertThat(dns.asked).containsExactly("xn--bcher-kva.example A");
    }

    @Test
    void whatDnsSaysIsPassedOn() {
        dns.address("none.example", new NoData(Duration.ofMinutes(1)));
        dns.address("nowhere.example", new NoSuchName(Duration.ofMinutes(1)));
        dns.address("broken.example", new Unavailable("SERVFAIL"));
        assertThat(lookup("none.example")).isInstanceOf(NoData.class);
        assertThat(lookup("nowhere.example")).isInstanceOf(NoSuchName.class);
        assertThat(lookup("broken.example")).isInstanceOf(Unavailable.class);
        assertThat(lookup("silent.example")).isInstanceOf(Unavailable.class);
    }

    @Test
    void whatIsNoHostDoesNotExist() {
        assertThat(lookup("")).isInstanceOf(NoSuchName.class);
        assertThat(lookup("a b")).isInstanceOf(NoSuchName.class);
        assertThat(lookup("[x]")).isInstanceOf(NoSuchName.class);
        assertThat(dns.asked).isEmpty();
    }

    private AddressAnswer lookup(String host) {
        return hosts.lookup(host).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static List<String> text(AddressAnswer answer) {
        return ((Addresses) answer)
                .addresses().stream().map(InetAddress::getHostAddress).toList();
    }
}
