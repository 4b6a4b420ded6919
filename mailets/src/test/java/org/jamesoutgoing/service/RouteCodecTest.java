/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.Stores;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes in a {@link JsonStore}. */
class RouteCodecTest {

    private static final RouteName SALES = RouteName.parse("sales.example.com");
    private static final RouteName BELOW = RouteName.parse("*.example.com");
    private static final OptionValues RELAY = OptionValues.of(Map.of(
            "relayHosts", "mail.sales.example.com, [2001:db8::1]:2525",
            "gatewayUsername", "jämes \"x\"\\",
            "gatewayPassword", "hunter2 ✓"));
    private static final OptionValues SLOW = OptionValues.of(Map.of("resendDelays", "1h,\n2h", "queueLifetime", "10d"));

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("outgoing-routes.json");
    }

    private VersionedStore<RouteName, OptionValues> open() {
        return JsonStore.at(file(), new RouteCodec());
    }

    private void put(RouteName name, OptionValues values) throws Exception {
        open().put(name, values, new Expectation.Any());
    }

    @Test
    void aRouteComesBackAsItWasWritten() throws Exception {
        put(SALES, RELAY);
        put(BELOW, SLOW);
        put(RouteName.DEFAULT, OptionValues.none());
        assertThat(open().load()).hasSize(3);
        assertThat(open().load().get(SALES).value()).isEqualTo(RELAY);
        assertThat(open().load().get(SALES).value().texts()).isEqualTo(RELAY.texts());
        assertThat(open().load().get(BELOW).value()).isEqualTo(SLOW);
        assertThat(open().load().get(RouteName.DEFAULT).value()).isEqualTo(OptionValues.none());
    }

    @Test
    void itIsJsonThatPeopleCanRead() throws Exception {
        put(BELOW, SLOW);
        put(RouteName.parse("a.example"), OptionValues.of(Map.of("suspended", "true")));
        assertThat(Files.readString(file()).replaceAll("[0-9a-f]{64}", "…"))
                .isEqualTo(
                        """
                        {"format":1,
                        "sha256":"…",
                        "content":
                        {
                          "revision" : 2,
                          "routes" : [ {
                            "domain" : "*.example.com",
                            "revision" : 1,
                            "options" : {
                              "resendDelays" : "1h,\\n2h",
                              "queueLifetime" : "10d"
                            }
                          }, {
                            "domain" : "a.example",
                            "revision" : 2,
                            "options" : {
                              "suspended" : "true"
                            }
                          } ]
                        }
                        }
                        """);
    }

    @Test
    void anUnknownOptionIsNamedWithItsRoute() throws Exception {
        rewrite(SLOW, "queueLifetime", "queueLifetimes");
        assertThatThrownBy(() -> open().load())
                .isInstanceOf(UnusableException.class)
                .hasMessage("the route store " + file()
                        + " cannot be used: route 'sales.example.com': 'queueLifetimes' is no delivery option; did you mean"
                        + " 'queueLifetime'?; put a good copy in its place, or start James without it to have no run-time"
                        + " routes");
    }

    @Test
    void aBadValueIsNamedWithItsRouteAndOption() throws Exception {
        rewrite(SLOW, "\"10d\"", "\"10 parsecs\"");
        assertThatThrownBy(() -> open().load())
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining("route 'sales.example.com': 'queueLifetime' is '10 parsecs'; allowed: ");
    }

    @Test
    void whatARouteMayNotSetIsNamed() throws Exception {
        rewrite(OptionValues.of(Map.of("backup", "true")), "\"sales.example.com\"", "\"*.example.com\"");
        assertThatThrownBy(() -> open().load())
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining("route '*.example.com': 'backup' is given for *.example.com; allowed: ");
    }

    @Test
    void whatAnotherVersionMayHaveWrittenIsNotGuessed() throws Exception {
        for (List<String> change : List.of(
                List.of("\"10d\"", "10"),
                List.of("\"sales.example.com\"", "\"Sales.example.com\""),
                List.of("\"options\" : {", "\"options\" : { \"queueLifetime\" : \"1d\","))) {
            rewrite(SLOW, change.get(0), change.get(1));
            assertThatThrownBy(() -> open().load()).as(change.toString()).isInstanceOf(UnusableException.class);
        }
    }

    /** A store with one route, changed by somebody who knows how to make the checksum right. */
    private void rewrite(OptionValues values, String old, String replacement) throws Exception {
        Files.deleteIfExists(file());
        put(SALES, values);
        Stores.rewrite(file(), old, replacement);
    }
}
