/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class VersionedStoreContract {

    static final String SALES = "sales.example.com";
    static final String BELOW = "*.example.com";
    static final Expectation ANY = new Expectation.Any();
    static final Expectation NOTHING = new Expectation.Nothing();

    static final String RELAY = "mail.sales.example.com, [2001:db8::1]:2525\njämes \"x\"\\ hunter2 ✓";
    static final String SLOW = "1h,\r\n2h";

    /** A store over what there is; each sees what the others write. */
    abstract VersionedStore<String, String> open();

    static VersionedValue<String> put(VersionedStore<String, String> store, String name, String values) {
        return put(store, name, values, ANY);
    }

    static VersionedValue<String> put(
            VersionedStore<String, String> store, String name, String values, Expectation expectation) {
        try {
            return store.put(name, values, expectation, all -> {});
        } catch (ChangedMeanwhileException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean delete(VersionedStore<String, String> store, String name) throws ChangedMeanwhileException {
        return store.delete(name, ANY, all -> {});
    }

    @Test
    void aNewStoreIsEmpty() {
        assertThat(open().load()).isEmpty();
    }

    @Test
    void aValueComesBackAsItWasWritten() {
        VersionedStore<String, String> store = open();
        VersionedValue<String> sales = put(store, SALES, RELAY);
        VersionedValue<String> below = put(store, BELOW, SLOW);
        VersionedValue<String> all = put(store, "*", "");
        Map<String, VersionedValue<String>> values = Map.of(SALES, sales, BELOW, below, "*", all);
        assertThat(store.load()).isEqualTo(values);
        assertThat(open().load()).isEqualTo(values);
        assertThat(sales.value()).isEqualTo(RELAY);
    }

    @Test
    void aValueIsReplacedAsAWhole() {
        VersionedStore<String, String> store = open();
        put(store, SALES, RELAY);
        VersionedValue<String> later = put(open(), SALES, SLOW);
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
    void aDeletedValueIsGone() throws Exception {
        VersionedStore<String, String> store = open();
        VersionedValue<String> sales = put(store, SALES, RELAY);
        put(store, BELOW, SLOW);
        assertThat(delete(open(), BELOW)).isTrue();
        assertThat(delete(open(), BELOW)).isFalse();
        assertThat(store.load()).isEqualTo(Map.of(SALES, sales));
    }

    @Test
    void aChangeIsMadeOnlyToWhatWasExpected() throws Exception { // RFC 9110 §13.1
        VersionedStore<String, String> store = open();
        assertThatThrownBy(() -> store.put(SALES, RELAY, new Expectation.Revision(1), all -> {}))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("sales.example.com");
        VersionedValue<String> first = put(store, SALES, RELAY, NOTHING);
        VersionedValue<String> second = put(store, SALES, SLOW, new Expectation.Revision(first.revision()));
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
        VersionedStore<String, String> store = open();
        VersionedValue<String> sales = put(store, SALES, RELAY);
        List<Map<String, VersionedValue<String>>> asked = new ArrayList<>();
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
        VersionedStore<String, String> store = open();
        List<Map<String, VersionedValue<String>>> asked = new ArrayList<>();
        store.put(BELOW, SLOW, ANY, asked::add);
        store.put(SALES, RELAY, ANY, asked::add);
        assertThat(asked.get(1)).isEqualTo(store.load());
    }
}
