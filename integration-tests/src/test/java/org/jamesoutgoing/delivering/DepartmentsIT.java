/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.soon;

import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PostfixServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Departments with mail servers of their own, beside a default relay: three real Postfix servers, and no DNS at all. */
@NeedsPostfix
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DepartmentsIT {

    private static final String ALICE = "alice@james.test";

    private PostfixServer sales;
    private PostfixServer departments;
    private PostfixServer outside;
    private JamesServer james;

    @BeforeAll
    void start() throws Exception {
        sales = PostfixServer.start();
        departments = PostfixServer.start();
        outside = PostfixServer.start();
        james = JamesServer.start(JamesSetup.james()
                .user(ALICE, "secret")
                .outgoing("<relayHosts>127.0.0.1:" + outside.port() + "</relayHosts><resendDelays>1s</resendDelays>")
                .file(
                        "outgoing-routes.xml",
                        """
                        <routes>
                          <route domain="sales.example.com">
                            <relayHosts>127.0.0.1:%d</relayHosts>
                          </route>
                          <route domain="*.example.com">
                            <relayHosts>127.0.0.1:%d</relayHosts>
                          </route>
                        </routes>
                        """
                                .formatted(sales.port(), departments.port())));
    }

    @AfterAll
    void stop() throws Exception {
        james.close();
        sales.close();
        departments.close();
        outside.close();
    }

    private static void arrives(PostfixServer postfix, String recipient) {
        soon().untilAsserted(() ->
                assertThat(postfix.mailsTo(recipient)).as(postfix.log()).hasSize(1));
    }

    @Test
    void theMostSpecificRouteCounts() throws Exception {
        james.send(ALICE, "exact@sales.example.com");
        james.send(ALICE, "wild@it.example.com");
        james.send(ALICE, "below@eu.sales.example.com");
        james.send(ALICE, "domain@example.com");
        james.send(ALICE, "outside@example.org");

        arrives(sales, "exact@sales.example.com");
        arrives(departments, "wild@it.example.com");
        arrives(departments, "below@eu.sales.example.com");
        arrives(outside, "domain@example.com");
        arrives(outside, "outside@example.org");
        assertThat(sales.allMails()).as("only its own").noneMatch(mail -> mail.contains("@it.example.com"));
    }

    @Test
    void domainsCompareWhateverTheirCase() throws Exception {
        james.send(ALICE, "case@SALES.Example.COM");

        arrives(sales, "case@sales.example.com");
    }

    @Test
    void aMailIsSplitByNextHopAndRecipientsOfOneRelayStayInOneTransaction() throws Exception {
        james.send(
                ALICE,
                "split1@sales.example.com",
                "split2@hr.example.com",
                "split3@legal.example.com",
                "split4@example.org",
                "split5@example.net");

        arrives(sales, "split1@sales.example.com");
        arrives(departments, "split2@hr.example.com");
        arrives(departments, "split3@legal.example.com");
        arrives(outside, "split4@example.org");
        arrives(outside, "split5@example.net");
        // Postfix gives both copies of one transaction the same queue id.
        assertThat(queueId(departments, "split2@hr.example.com"))
                .isEqualTo(queueId(departments, "split3@legal.example.com"));
        assertThat(queueId(outside, "split4@example.org")).isEqualTo(queueId(outside, "split5@example.net"));
    }

    private static String queueId(PostfixServer postfix, String recipient) throws Exception {
        return postfix.log()
                .lines()
                .filter(line -> line.contains("to=<" + recipient + ">"))
                .map(line -> line.replaceAll(".*: ([0-9A-Za-z]+): to=<.*", "$1"))
                .findFirst()
                .orElseThrow();
    }
}
