/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that was made in webadmin reads files below one folder only, and environment variables of a list. */
class AllowedReadsTest {

    private static final String RELAY = "relay.example";

    @TempDir
    private Path directory;

    private Path folder;
    private AllowedReads reads;

    @BeforeEach
    void createFolder() throws Exception {
        folder = Files.createDirectories(directory.resolve("secrets"));
        reads = AllowedReads.of(Optional.of(folder), Set.of("RELAY_PASSWORD"));
    }

    private Path write(String name) throws Exception {
        return Files.writeString(directory.resolve(name), "hunter2");
    }

    private Optional<String> objection(String password) {
        return reads.objection(RouteOptions.PASSWORD, password);
    }

    private static Map<String, String> withPassword(String password) {
        return Map.of("relayHosts", RELAY, "gatewayUsername", "u", "gatewayPassword", password);
    }

    // ---- which names

    @Test
    void aFileBelowTheFolderIsAllowedWhetherItIsThereOrNot() throws Exception {
        Files.createDirectories(folder.resolve("deeper"));
        assertThat(objection("file:" + write("secrets/password"))).isEmpty();
        assertThat(objection("file:" + write("secrets/deeper/password"))).isEmpty();
        assertThat(objection("file:" + folder + "/../secrets/password")).isEmpty();
        assertThat(objection("file:" + folder + "/not/there")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outside",
                "secrets",
                "secrets/",
                "secrets/.",
                "secrets/..",
                "secrets/../outside",
                "secrets/not-there/../../outside",
                "secrets/deeper/../../outside",
                "secrets-of-others/password",
                "not-there",
                "secrets/link",
                "secrets/way/outside",
                "secrets/way/../outside",
                "secrets/way/not-there",
            })
    void anyOtherIsNotAndWhetherItIsThereIsNotTold(String name) throws Exception {
        write("outside");
        Files.createDirectories(folder.resolve("deeper"));
        Files.createSymbolicLink(folder.resolve("link"), directory.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("way"), directory);
        String path = directory + "/" + name;
        assertThat(objection("file:" + path))
                .contains("names the file " + Path.of(path)
                        + "; allowed in a route that is made in webadmin: a file below " + folder);
    }

    @Test
    void aFolderThatIsALinkIsWhatItLeadsTo() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
        reads = AllowedReads.of(Optional.of(link), Set.of());
        assertThat(objection("file:" + write("secrets/password"))).isEmpty();
        assertThat(objection("file:" + link + "/password")).isEmpty();
        assertThat(objection("file:" + link + "/../outside")).isPresent();
    }

    @Test
    void onlyVariablesOfTheListAreAllowed() {
        assertThat(objection("${env:RELAY_PASSWORD}")).isEmpty();
        for (String other : List.of("HOME", "relay_password", "RELAY_PASSWORD ", "NOT_SET_ANYWHERE", "")) {
            assertThat(objection("${env:" + other + "}"))
                    .contains(
                            "names the environment variable " + other + "; allowed in a route that is made in webadmin:"
                                    + " those that 'webadminVariables' of the mailet lists, RELAY_PASSWORD");
        }
    }

    @Test
    void aPasswordThatIsOneItselfIsAllowed() {
        for (String password : List.of("hunter2", "${env:HOME", "${HOME}", "/etc/passwd", "File:/etc/passwd")) {
            assertThat(AllowedReads.NOTHING.objection(RouteOptions.PASSWORD, password))
                    .isEmpty();
        }
    }

    /** What stands in James's configuration is its administrator's. */
    @Test
    void filesAndParametersMayNameAnything() {
        for (Origin origin : List.of(Origin.FILE, Origin.MAILET, Origin.BUILT_IN)) {
            assertThat(AllowedReads.NOTHING.in(origin).objection(RouteOptions.PASSWORD, "file:/etc/james/password"))
                    .isEmpty();
        }
    }

    // ---- which options

    @Test
    void everyOptionThatReadsAFileIsBound() {
        assertThat(RouteOptions.all().stream()
                        .filter(option -> option.secret()
                                || List.of("trustStore", "keyStore", "backupRecipients")
                                        .contains(option.name())))
                .hasSize(6)
                .allSatisfy(option -> {
                    String value = option.name().endsWith("Store") ? "/etc/hostname" : "file:/etc/hostname";
                    assertThat(AllowedReads.NOTHING.objection(option, value))
                            .contains(
                                    "names the file /etc/hostname; allowed in a route that is made in webadmin: none");
                    assertThatThrownBy(() -> AllowedReads.NOTHING.check(OptionValues.of(Map.of(option.name(), value))))
                            .isInstanceOf(OptionException.class)
                            .hasMessageStartingWith("'" + option.name() + "' names the file");
                });
    }

    // ---- a route that was stored when it might

    @Test
    void whatIsStoredAndMayNotBeReadIsNotReadAndItsMailWaits() throws Exception {
        Path outside = write("outside");
        for (Map<String, String> options : List.of(
                withPassword("file:" + outside),
                withPassword("${env:PATH}"),
                Map.of("tls", "verify", "trustStore", outside.toString()),
                Map.of("keyStore", outside.toString()),
                Map.of("keyStore", folder.resolve("key").toString(), "keyStorePassword", "file:" + outside))) {
            LayeredRoutes routes = new Layers(new RouteAssembler(reads))
                    .runtime("sales.example.com", options)
                    .routes();
            routes.check();
            Route route = routes.of("sales.example.com");
            assertThat(route.suspended().orElse(""))
                    .contains("may not have read")
                    .doesNotContain(outside.toString());
            route.connection().credentials().ifPresent(credentials -> assertThatThrownBy(
                            () -> credentials.secret().get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("allowed in a route that is made in webadmin: "));
            assertThat(routes.forbidden()).containsOnlyKeys(Layers.SALES);
            assertThat(routes.of("other.example.com").suspended()).isEmpty();
        }
    }

    @Test
    void whatItMayIsRead() throws Exception {
        LayeredRoutes routes = new Layers(new RouteAssembler(reads))
                .runtime("sales.example.com", withPassword("file:" + write("secrets/password")))
                .routes();
        Route route = routes.of("sales.example.com");
        assertThat(route.suspended()).isEmpty();
        assertThat(route.connection().credentials().orElseThrow().secret().get())
                .isEqualTo("hunter2");
        assertThat(routes.forbidden()).isEmpty();
    }

    @Test
    void theSameInTheFileIsRead() throws Exception {
        Route route = new Layers(new RouteAssembler(AllowedReads.NOTHING))
                .file("sales.example.com", withPassword("file:" + write("outside")))
                .ofSales();
        assertThat(route.suspended()).isEmpty();
        assertThat(route.connection().credentials().orElseThrow().secret().get())
                .isEqualTo("hunter2");
    }

    @Test
    void aRouteThatInheritsItWaitsTooAndOneThatDoesNotUseItDoesNot() throws Exception {
        LayeredRoutes routes = new Layers(new RouteAssembler(reads))
                .runtime("*", withPassword("file:" + write("outside")))
                .runtime("sales.example.com", Map.of("port", "2525"))
                .runtime("it.example.com", Map.of("relayHosts", RELAY))
                .routes();
        assertThat(routes.of("sales.example.com").suspended()).isPresent();
        assertThat(routes.of("other.example.com").suspended()).isPresent();
        assertThat(routes.of("it.example.com").suspended()).isEmpty();
        assertThat(routes.forbidden()).containsOnlyKeys(RouteName.DEFAULT);
    }
}
