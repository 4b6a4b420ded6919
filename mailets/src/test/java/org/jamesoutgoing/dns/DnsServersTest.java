/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsServersTest {
    @Test
    void aListIsSeparatedBySemicolonsCommasOrSpaces() {
        assertThat(text(DnsServers.of("10.0.0.1; 10.0.0.2:5353,[::1]:54 [2001:db8::1], 2001:db8::2;;")
                        .servers()))
                .containsExactly(
                        "10.0.0.1 53",
                        "10.0.0.2 5353",
                        "0:0:0:0:0:0:0:1 54",
                        "2001:db8:0:0:0:0:0:1 53",
                        "2001:db8:0:0:0:0:0:2 53");
    }

    @Test
    void aServerMayBeGivenByName() {
        assertThat(DnsServers.of("localhost:5353").servers())
                .singleElement()
                .matches(server -> server.getAddress().isLoopbackAddress() && server.getPort() == 5353);
    }

    @Test
    void aServerGivenTwiceIsAskedOnce() {
        assertThat(DnsServers.of("10.0.0.1,10.0.0.1:53").servers()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:0, the port is not a number from 1 to 65535",
        "10.0.0.1:65536, the port is not a number from 1 to 65535",
        "10.0.0.1:+53, the port is not a number from 1 to 65535",
        "10.0.0.1:, the port is not a number from 1 to 65535",
        "[::1]:dns, the port is not a number from 1 to 65535",
        "[::1, the bracket is not closed",
        "[::1]53, only a port may follow the bracket",
        "10.1, this is neither a host name nor an address",
        "10.0.0.256, this is neither a host name nor an address",
        "0x7f000001, this is neither a host name nor an address",
        "dns/server, this is neither a host name nor an address",
        "::1::2, this is neither a host name nor an address",
    })
    void aWrongServerIsNamedWithWhatIsAllowed(String server, String why) {
        assertThatThrownBy(() -> DnsServers.of("10.0.0.1;" + server))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DNS server '" + server + "': " + why
                        + "; allowed are host, host:port, IPv6 address and [IPv6 address]:port, several"
                        + " separated by ; or ,");
    }

    @Test
    void anEmptyListIsRefused() {
        assertThatThrownBy(() -> DnsServers.of(" ; "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no DNS server is given");
    }

    @Test
    void theSystemHasServersAndTheyServeAsFallback() {
        assertThat(DnsServers.system().servers()).isNotEmpty();
        DnsServers servers = DnsServers.of("192.0.2.53").orSystem();
        assertThat(text(servers.servers())).containsExactly("192.0.2.53 53");
        assertThat(servers.fallback()).isEqualTo(DnsServers.system().servers());
    }

    @Test
    void aServerIsNotItsOwnFallback() {
        assertThat(DnsServers.of("192.0.2.53").or(DnsServers.of("192.0.2.53")).fallback())
                .isEmpty();
    }

    @Test
    void jamesAsksTheSystemsServersFirstIfItDiscoversThem() {
        assertThat(text(DnsServers.asJames(false, List.of("192.0.2.53", " ")).servers()))
                .containsExactly("192.0.2.53 53");
        assertThat(DnsServers.asJames(true, List.of("192.0.2.53")).servers())
                .startsWith(DnsServers.system().servers().get(0))
                .endsWith(new InetSocketAddress("192.0.2.53", 53));
        assertThat(text(DnsServers.asJames(false, List.of()).servers())).containsExactly("127.0.0.1 53");
    }

    private static List<String> text(List<InetSocketAddress> servers) {
        return servers.stream()
                .map(s -> s.getAddress().getHostAddress() + " " + s.getPort())
                .toList();
    }
}
