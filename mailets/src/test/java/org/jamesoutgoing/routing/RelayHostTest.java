/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayHostTest {
    @ParameterizedTest
    @CsvSource({
        "relay.example, relay.example",
        "'  relay.example\t', relay.example",
        "[relay.example], relay.example",
        "relay_1.example, relay_1.example",
        "localhost, localhost",
        "192.0.2.1, 192.0.2.1",
        "[192.0.2.1], 192.0.2.1",
        "[2001:db8::1], 2001:db8::1",
        "[::1], ::1",
        "[::ffff:192.0.2.1], ::ffff:192.0.2.1",
        "[IPv6:2001:db8::1], 2001:db8::1",
    })
    void aHostWithoutPortLeavesThePortToTheRoute(String text, String host) {
        assertThat(RelayHost.parse(text)).isEqualTo(new RelayHost(host, OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.example:587, relay.example, 587",
        "' relay.example:587 ', relay.example, 587",
        "[relay.example]:587, relay.example, 587",
        "192.0.2.1:1, 192.0.2.1, 1",
        "192.0.2.1:00025, 192.0.2.1, 25",
        "[2001:db8::1]:65535, 2001:db8::1, 65535",
        "[IPv6:2001:db8::1]:25, 2001:db8::1, 25",
    })
    void aPortFollowsTheHost(String text, String host, int port) {
        assertThat(RelayHost.parse(text)).isEqualTo(new RelayHost(host, OptionalInt.of(port)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":25",
                "[]",
                "[]:25",
                "[relay.example",
                "relay.example]",
                "[relay.example]587",
                "[relay.example] :587",
                "[relay.example]:",
                "relay.example:",
                "relay.example:smtp",
                "relay.example:-1",
                "relay.example:+25",
                "relay.example:0",
                "relay.example:65536",
                "relay.example:99999",
                "relay.example:123456",
                "relay.example:25:26",
                "relay example",
                "relay.example,other.example",
                "relay.example;",
                "user@relay.example",
                "smtp://relay.example",
                "relay\r\nexample",
                "2001:db8::1",
                "::1",
                "[relay:587]",
                "[fe80::1%eth0]",
            })
    void anythingElseIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> RelayHost.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text.trim() + "' is not a relay host;"
                        + " allowed: host, host:port, [host], [host]:port");
    }

    @ParameterizedTest
    @CsvSource({
        "relay.example, relay.example",
        "[relay.example]:587, relay.example:587",
        "[2001:db8::1], [2001:db8::1]",
        "[IPv6:2001:db8::1]:25, [2001:db8::1]:25",
    })
    void itIsWrittenAsItIsRead(String text, String written) {
        RelayHost host = RelayHost.parse(text);
        assertThat(host).hasToString(written);
        assertThat(RelayHost.parse(host.toString())).isEqualTo(host);
    }

    @Test
    void aRelayRouteNeedsAHost() {
        assertThatThrownBy(() -> SampleRoutes.relay())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("relay mode needs at least one relay host");
    }
}
