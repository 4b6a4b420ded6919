/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

@NeedsDnsServer
class DnsServerIT {

    @Test
    void answersForItsZonesAndCanGoDownAndComeUp() throws Exception {
        try (DnsServer dns = DnsServer.on("127.0.0.1", FreePort.choose())
                .zone("example.org", "@ MX 10 mx1\nmx1 A 127.0.0.2\nmx1 AAAA ::1")
                .zone("null.test", "@ MX 0 .")
                .broken("broken.test")
                .start()) {
            assertThat(ask(dns, "example.org", Type.MX)
                            .getSection(Section.ANSWER)
                            .toString())
                    .contains("10 mx1.example.org.");
            assertThat(ask(dns, "null.test", Type.MX).getSection(Section.ANSWER).toString())
                    .contains("0 .");
            assertThat(ask(dns, "nowhere.test", Type.MX).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(ask(dns, "example.org", Type.A).getSection(Section.ANSWER))
                    .isEmpty();
            assertThat(ask(dns, "broken.test", Type.MX).getRcode()).isEqualTo(Rcode.SERVFAIL);

            dns.stop();
            assertThatThrownBy(() -> ask(dns, "example.org", Type.MX)).isInstanceOf(IOException.class);

            dns.start();
            assertThat(ask(dns, "example.org", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);

            dns.zone("nowhere.test", "@ MX 5 mail.example.org.");
            assertThat(ask(dns, "nowhere.test", Type.MX)
                            .getSection(Section.ANSWER)
                            .toString())
                    .contains("5 mail.example.org.");
        }
    }

    @NeedsLowPorts
    @Test
    void jamesAsksTheGivenDnsServer() throws Exception {
        try (DnsServer dns = DnsServer.on("127.53.53.53", 53)
                        .zone("example.org", "@ MX 5 mx\nmx A 127.0.0.3")
                        .start();
                ReceivingServer receiver = ReceivingServer.start("127.0.0.3", 25)) {
            JamesSetup setup = JamesSetup.james()
                    .dnsServer("127.53.53.53")
                    .outgoing("<outgoing>outgoing</outgoing><localExchangers>true</localExchangers>");
            try (JamesServer james = JamesServer.start(setup)) {
                james.send("alice@james.test", "bob@example.org");

                await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(receiver.mailsTo("bob@example.org"))
                        .hasSize(1));
            }
        }
    }

    private static Message ask(DnsServer dns, String name, int type) throws IOException {
        SimpleResolver resolver = new SimpleResolver(dns.address());
        resolver.setTimeout(Duration.ofSeconds(1));
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN)));
    }
}
