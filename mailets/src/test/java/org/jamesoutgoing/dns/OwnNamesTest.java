/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {

    @Test
    void namesAndAddressesAreReadInAnySpelling() {
        OwnNames own = OwnNames.parse(
                "MX2.Example.com., b\u00fccher.example 192.0.2.7,[192.0.2.8], 2001:db8::7 ,[IPv6:2001:db8::8]");
        assertThat(own.names()).containsExactlyInAnyOrder("mx2.example.com", "xn--bcher-kva.example");
        assertThat(own.addresses())
                .containsExactlyInAnyOrder(ip("192.0.2.7"), ip("192.0.2.8"), ip("2001:db8::7"), ip("2001:db8::8"));
    }

    @Test
    void aHostIsMeantByNameOrByAddress() {
        OwnNames own = OwnNames.parse("mx2.example.com, 192.0.2.7");
        assertThat(own.include("mx2.example.com", List.of())).isTrue();
        assertThat(own.include("mx9.example.com", List.of(ip("192.0.2.1"), ip("192.0.2.7"))))
                .isTrue();
        assertThat(own.include("mx9.example.com", List.of(ip("192.0.2.1")))).isFalse();
        assertThat(OwnNames.NONE.include("mx2.example.com", List.of(ip("192.0.2.7"))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "mx2.example.com; mx3", "*", "192.0.2.0/24", "[mx2.example.com]"})
    void whatIsNeitherIsRefused(String text) {
        assertThatThrownBy(() -> OwnNames.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static InetAddress ip(String literal) {
        return IpAddresses.parse(literal).orElseThrow();
    }
}
