/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private final RoutingTable independent = SampleRoutes.table(SampleRoutes.independent());
    private final RoutingTable relay = SampleRoutes.table(SampleRoutes.relay("relay.example:587", "[2001:db8::1]"));

    @Test
    void everyDomainHasTheDefaultRoute() {
        assertThat(independent.routeOf("a.example")).isSameAs(independent.routeOf("b.example"));
        assertThat(independent.destinationOf("a.example").route()).isSameAs(independent.routeOf("a.example"));
    }

    @Test
    void inIndependentModeEveryDomainIsADestination() {
        assertThat(independent.destinationOf("a.example")).isNotEqualTo(independent.destinationOf("b.example"));
    }

    @Test
    void aDomainInAnySpellingIsOneDestination() { // RFC 5321 §2.4
        Destination lower = independent.destinationOf("mail.example");
        Destination mixed = independent.destinationOf("MAIL.Example");
        assertThat(mixed).isEqualTo(lower).hasSameHashCodeAs(lower);
        assertThat(mixed.key()).isEqualTo(lower.key());
        assertThat(mixed.domain()).isEqualTo("mail.example");
        assertThat(mixed.name()).isEqualTo("mail.example");
    }

    @Test
    void anAddressLiteralGetsBackTheBracketsThatJamesTookOff() throws Exception { // RFC 5321 §4.1.3
        MailAddress address = new MailAddress("bob@[192.0.2.1]");
        assertThat(independent.destinationOf(address.getDomain().asString()).domain())
                .isEqualTo("[192.0.2.1]");
        assertThat(AddressLiterals.onTheWire(address)).isEqualTo("bob@[192.0.2.1]");
        assertThat(AddressLiterals.onTheWire(new MailAddress("\"a b\"@mail.example")))
                .isEqualTo("\"a b\"@mail.example");
    }

    @Test
    void inRelayModeEverythingIsOneDestination() {
        Destination one = relay.destinationOf("a.example");
        assertThat(one).isEqualTo(relay.destinationOf("b.example"));
        assertThat(one.name()).isEqualTo("relay.example");
        assertThat(one.domain()).isEmpty();
    }

    @Test
    void otherRelayHostsAreAnotherDestination() {
        Route one = SampleRoutes.relay("relay.example:587", "[2001:db8::1]");
        for (Route other : List.of(
                SampleRoutes.relay("relay.example:587"),
                SampleRoutes.relay("relay.example", "[2001:db8::1]"),
                SampleRoutes.relay("relay.example:587", "[2001:db8::2]"))) {
            RoutingTable both = new RoutingTable(domain -> domain.equals("one.example") ? one : other);
            assertThat(both.destinationOf("other.example")).isNotEqualTo(both.destinationOf("one.example"));
        }
    }

    @Test
    void aDomainThatIsCalledLikeTheRelayHostIsNotThatRelayHost() {
        RoutingTable plain = SampleRoutes.table(SampleRoutes.relay("relay.example"));
        assertThat(plain.destinationOf("a.example")).isNotEqualTo(independent.destinationOf("relay.example"));
    }

    @Test
    void whoAskedIsToldOfANewDefaultRouteOnceItCounts() {
        List<Route> seen = new ArrayList<>();
        Route replacement = SampleRoutes.relay("relay.example");
        independent.onChange(() -> seen.add(independent.routeOf("a.example")));
        independent.onChange(
                () -> seen.add(independent.destinationOf("a.example").route()));

        independent.replace(any -> replacement);

        assertThat(seen).containsExactly(replacement, replacement);
    }
}
