/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Static routes of the file and of the run-time store, in a James with and without the lines for extensions. */
class StaticRoutesIT {

    private static final String ALICE = "alice@james.test";

    @TempDir
    Path directory;

    private static JamesSetup setup(boolean extensionLines) {
        JamesSetup setup = JamesSetup.james().user(ALICE, "secret");
        return extensionLines ? setup.withExtensionLines() : setup;
    }

    private static String routes(ReceivingServer receiver) {
        return "<routes><route domain='*.example.com'><relayHosts>127.0.0.1:" + receiver.port()
                + "</relayHosts></route></routes>";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mailTakesTheWayOfTheFilesRoute(boolean extensionLines) throws Exception {
        try (ReceivingServer relay = ReceivingServer.start();
                ReceivingServer sales = ReceivingServer.start()) {
            JamesSetup setup = setup(extensionLines)
                    .outgoing("<relayHosts>127.0.0.1:" + relay.port() + "</relayHosts>")
                    .file("outgoing-routes.xml", routes(sales));
            try (JamesServer james = JamesServer.start(setup)) {
                james.send(ALICE, "bob@sales.example.com", "carol@example.com");
                soon().untilAsserted(() -> {
                    assertThat(sales.mailsTo("bob@sales.example.com")).hasSize(1);
                    assertThat(relay.mailsTo("carol@example.com")).hasSize(1);
                });
                assertThat(sales.mails()).hasSize(1);
                assertThat(relay.mails()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMistakeInTheFileStopsTheStart(boolean extensionLines) {
        JamesSetup setup = setup(extensionLines)
                .file("outgoing-routes.xml", "<routes>\n<route domain='a.example'><tls>maybe</tls></route></routes>");
        assertThat(causes(catchThrowable(() -> JamesServer.start(setup, directory))))
                .anyMatch(line ->
                        line.contains("outgoing-routes.xml, line 2, route 'a.example': 'tls' is 'maybe'; allowed: "));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDamagedStoreStopsTheStartAndStaysAsItIs(boolean extensionLines) throws IOException {
        Path store = Files.createDirectories(directory.resolve("var")).resolve("outgoing-routes.json");
        Files.writeString(store, "{\"format\":1,");
        assertThat(causes(catchThrowable(() -> JamesServer.start(setup(extensionLines), directory))))
                .anyMatch(line ->
                        line.contains("OutgoingDelivery: the route store " + store + " cannot be used: it is damaged"));
        assertThat(store).hasContent("{\"format\":1,");
    }

    private static Stream<String> causes(Throwable thrown) {
        return Stream.iterate(thrown, e -> e != null, Throwable::getCause).map(e -> String.valueOf(e.getMessage()));
    }
}
