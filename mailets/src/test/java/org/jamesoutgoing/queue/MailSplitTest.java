/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.queue.SampleMails.address;
import static org.jamesoutgoing.queue.SampleMails.addresses;

import java.util.List;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;

class MailSplitTest {
    private final RoutingTable independent = SampleRoutes.table(SampleRoutes.independent());
    private final RoutingTable relay = SampleRoutes.table(SampleRoutes.relay("relay.example"));

    @Test
    void recipientsOfOneDomainStayTogetherAndInOrder() { // RFC 5321 §2.4: domains in any case
        List<MailSplit> parts =
                MailSplit.of(addresses("x@a.example", "y@b.example", "z@A.Example", "w@b.example"), independent);

        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).recipients()).containsExactly(address("x@a.example"), address("z@a.example"));
        assertThat(parts.get(1).recipients()).containsExactly(address("y@b.example"), address("w@b.example"));
        assertThat(parts.get(0).destination()).isEqualTo(independent.destinationOf("a.example"));
    }

    @Test
    void everythingForARelayHostStaysTogether() {
        List<MailSplit> parts = MailSplit.of(addresses("x@a.example", "y@b.example"), relay);
        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).recipients()).hasSize(2);
    }

    @Test
    void noRecipientsMakeNoParts() {
        assertThat(MailSplit.of(List.of(), independent)).isEmpty();
    }

    @Test
    void aPartIsNamedAfterWhereItGoes() {
        assertThat(nameFor("Mail1", independent)).isEqualTo("Mail1-to-a.example");
        assertThat(nameFor("Mail1", relay)).isEqualTo("Mail1-to-relay.example");
    }

    @Test
    void aNameThatHasTheEndingKeepsIt() {
        assertThat(nameFor("Mail1-to-a.example", independent)).isEqualTo("Mail1-to-a.example");
        assertThat(nameFor("Mail1-to-b.example", independent)).isEqualTo("Mail1-to-b.example-to-a.example");
    }

    private static String nameFor(String mailName, RoutingTable routes) {
        return MailSplit.of(addresses("x@a.example"), routes).get(0).nameFor(mailName);
    }
}
