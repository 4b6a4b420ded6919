/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.routing.RouteStore.ChangedMeanwhileException;
import org.jamesoutgoing.routing.RouteStore.Expectation;
import org.jamesoutgoing.routing.RouteStore.Stored;
import org.junit.jupiter.api.Test;

/** What every route store does. */
abstract class RouteStoreContract {

    static final RouteName SALES = RouteName.parse("sales.example.com");
    static final RouteName BELOW = RouteName.parse("*.example.com");
    static final Expectation ANY = new Expectation.Any();
    static final Expectation NOTHING = new Expectation.Nothing();

    static final OptionValues RELAY = OptionValues.of(Map.of(
            "relayHosts", "mail.sales.example.com, [2001:db8::1]:2525",
            "gatewayUsername", "jämes \"x\"\\",
            "gatewayPassword", "hunter2 ✓"));
    static final OptionValues SLOW = OptionValues.of(Map.of("resendDelays", "1h,\n2h", "queueLifetime", "10d"));

    /** A store over what there is; each sees what the others write. */
    abstract RouteStore open();

    static Stored put(RouteStore store, RouteName name, OptionValues values) {
        return put(store, name, values, ANY);
    }

    static Stored put(RouteStore store, RouteName name, OptionValues values, Expectation expectation) {
        try {
            return store.put(name, values, expectation, all -> {});
        } catch (ChangedMeanwhileException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean delete(RouteStore store, RouteName name) throws ChangedMeanwhileException {
        return store.delete(name, ANY, all -> {});
    }

    @Test
    void aNewStoreHasNoRoutes() {
        assertThat(open().load()).isEmpty();
    }

    @Test
    void aRouteComesBackAsItWasWritten() {
        RouteStore store = open();
        Stored sales = put(store, SALES, RELAY);
        Stored below = put(store, BELOW, SLOW);
        Stored all = put(store, RouteName.DEFAULT, OptionValues.none());
        Map<RouteName, Stored> routes = Map.of(SALES, sales, BELOW, below, RouteName.DEFAULT, all);
        assertThat(store.load()).isEqualTo(routes);
        assertThat(open().load()).isEqualTo(routes);
        assertThat(sales.values()).isEqualTo(RELAY);
        assertThat(open().load().get(SALES).values().texts()).isEqualTo(RELAY.texts());
    }

    @Test
    void aRouteIsReplacedAsAWhole() {
        RouteStore store = open();
        put(store, SALES, RELAY);
        Stored later = put(open(), SALES, SLOW);
        assertThat(store.load()).isEqualTo(Map.of(SALES, later));
    }

    @Test
    void everyChangeHasAHigherRevisionThanAllBefore() throws Exception {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            revisions.add(put(open(), SALES, RELAY).revision());
            revisions.add(put(open(), BELOW, RELAY).revision());
            delete(open(), SALES);
            delete(open(), BELOW);
        }
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aDeletedRouteIsGone() throws Exception {
        RouteStore store = open();
        Stored sales = put(store, SALES, RELAY);
        put(store, BELOW, SLOW);
        assertThat(delete(open(), BELOW)).isTrue();
        assertThat(delete(open(), BELOW)).isFalse();
        assertThat(store.load()).isEqualTo(Map.of(SALES, sales));
    }

    @Test
    void aChangeIsMadeOnlyToWhatWasExpected() throws Exception { // RFC 9110 §13.1
        RouteStore store = open();
        assertThatThrownBy(() -> store.put(SALES, RELAY, new Expectation.Revision(1), all -> {}))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("sales.example.com");
        Stored first = put(store, SALES, RELAY, NOTHING);
        Stored second = put(store, SALES, SLOW, new Expectation.Revision(first.revision()));
        for (Expectation wrong : List.of(NOTHING, new Expectation.Revision(first.revision()))) {
            assertThatThrownBy(() -> store.put(SALES, RELAY, wrong, all -> {}))
                    .isInstanceOf(ChangedMeanwhileException.class);
            assertThatThrownBy(() -> store.delete(SALES, wrong, all -> {}))
                    .isInstanceOf(ChangedMeanwhileException.class);
        }
        assertThat(store.load()).isEqualTo(Map.of(SALES, second));
        assertThat(store.delete(SALES, new Expectation.Revision(second.revision()), all -> {}))
                .isTrue();
        assertThat(store.load()).isEmpty();
    }

    @Test
    void whatTheCheckRefusesIsNotDone() throws Exception {
        RouteStore store = open();
        Stored sales = put(store, SALES, RELAY);
        List<Map<RouteName, Stored>> asked = new ArrayList<>();
        IllegalArgumentException no = new IllegalArgumentException("no");

        assertThatThrownBy(() -> store.put(BELOW, SLOW, ANY, all -> {
                    asked.add(all);
                    throw no;
                }))
                .isSameAs(no);
        assertThatThrownBy(() -> store.delete(SALES, ANY, all -> {
                    asked.add(all);
                    throw no;
                }))
                .isSameAs(no);

        assertThat(open().load()).isEqualTo(Map.of(SALES, sales));
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0)).containsOnlyKeys(SALES, BELOW);
        assertThat(asked.get(1)).isEmpty();
        assertThat(put(store, BELOW, SLOW).revision()).isGreaterThan(sales.revision());
    }

    @Test
    void theCheckIsGivenWhatIsStoredThen() throws Exception {
        RouteStore store = open();
        List<Map<RouteName, Stored>> asked = new ArrayList<>();
        store.put(BELOW, SLOW, ANY, asked::add);
        store.put(SALES, RELAY, ANY, asked::add);
        assertThat(asked.get(1)).isEqualTo(store.load());
    }
}
