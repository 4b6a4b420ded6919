/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.Repository;
import org.junit.jupiter.api.Test;

/** The webadmin reference is what the server does: every example in it is run, in order. */
@NeedsDnsServer
class ReferenceIT {

    /** Relative to the repository. */
    private static final String REFERENCE = System.getProperty("james-outgoing.reference", "guice-module/README.md");

    @Test
    void everyExampleIsAnsweredAsItIsWritten() throws Exception {
        Path reference = Repository.conf().toAbsolutePath().resolveSibling(REFERENCE);
        List<Example> examples = Example.in(Files.readString(reference));
        try (DnsServer dns = DnsServer.on("127.0.0.1", FreePort.choose())
                        .zone(
                                "example.com",
                                "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 198.51.100.1\nmx1 AAAA 2001:db8::1\nmx2 A 198.51.100.2\n"
                                        + "mail.sales A 198.51.100.10")
                        .start();
                JamesServer james = JamesServer.start(JamesSetup.james()
                        .protocols(JamesSetup.Protocol.WEBADMIN)
                        .withExtensionLines()
                        .file(
                                "outgoing-routes.xml",
                                "<routes><route domain=\"partner.example\"><relayHosts>198.51.100.30</relayHosts>"
                                        + "</route></routes>")
                        .outgoing("<heloName>james.example.net</heloName><dnsServers>" + dns.hostAndPort()
                                + "</dnsServers><webadminVariables>HOME</webadminVariables>"))) {
            Webadmin webadmin = new Webadmin(james.webadminPort());
            for (Example example : examples) {
                example.run(webadmin);
            }
            for (RegisteredRoute route : RegisteredRoute.of(james)) {
                assertThat(examples)
                        .as("an example of %s", route)
                        .anyMatch(example -> route.takes(example.method(), example.pathWithoutQuery()));
            }
        }
    }
}
