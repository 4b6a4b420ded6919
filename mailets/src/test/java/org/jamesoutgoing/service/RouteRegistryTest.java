/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamesoutgoing.routing.BadRouteException;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.MemoryStore;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RouteRegistryTest {

    private static final RouteName SALES = RouteName.parse("sales.example.com");
    private static final RouteName OTHER = RouteName.parse("other.example.com");
    private static final Expectation ANY = new Expectation.Any();
    private static final OptionValues ONE_DAY = OptionValues.of(Map.of("queueLifetime", "1d"));
    private static final OptionValues TWO_DAYS = OptionValues.of(Map.of("queueLifetime", "2d"));
    /** Does not go together with independent mode. */
    private static final OptionValues LOGIN =
            OptionValues.of(Map.of("gatewayUsername", "james", "gatewayPassword", "hunter2"));

    private final MemoryStore<RouteName, OptionValues> store = new MemoryStore<>("route");
    private final List<StaticRoute> file = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final RouteRegistry registry = new RouteRegistry(
            () -> {
                opened.incrementAndGet();
                return store;
            },
            () -> file);
    private final List<StaticRoutes> told = new ArrayList<>();
    private final List<RouteName> asked = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void aServiceInIndependentMode() {
        registry.addCheck((candidate, changed) -> {
            asked.add(changed);
            new LayeredRoutes(new RouteAssembler(), OptionValues.none(), "james.example", candidate).check(changed);
        });
        registry.onChange(told::add);
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopLogging() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("org.jamesoutgoing");
    }

    private Optional<OptionValues> current(RouteName name) {
        return registry.current().get(name).map(StaticRoute::values);
    }

    @Test
    void nothingIsOpenedBeforeItIsNeededAndThenOnce() {
        assertThat(opened).hasValue(0);
        registry.current();
        registry.stored(SALES);
        assertThat(opened).hasValue(1);
        assertThat(told).isEmpty();
    }

    @Test
    void routesOfFileAndStoreCountTogether() throws Exception {
        file.add(new StaticRoute(SALES, Origin.FILE, ONE_DAY));
        file.add(new StaticRoute(OTHER, Origin.FILE, ONE_DAY));
        store.put(SALES, TWO_DAYS, ANY, all -> {});
        assertThat(current(SALES)).contains(TWO_DAYS);
        assertThat(current(OTHER)).contains(ONE_DAY);
        assertThat(registry.stored(SALES).orElseThrow().value()).isEqualTo(TWO_DAYS);
        assertThat(registry.stored(OTHER)).isEmpty();
        assertThat(registry.stored()).containsOnlyKeys(SALES);
    }

    @Test
    void aRouteThatWasPutCountsAndIsStored() throws Exception {
        VersionedValue<OptionValues> stored = registry.put(SALES, ONE_DAY, new Expectation.Nothing());
        assertThat(current(SALES)).contains(ONE_DAY);
        assertThat(registry.stored(SALES)).contains(stored);
        assertThat(store.load()).containsEntry(SALES, stored);
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).isSameAs(registry.current());
        assertThat(asked).containsExactly(SALES);
    }

    @Test
    void aDeletedRouteFallsBackToTheFiles() throws Exception {
        file.add(new StaticRoute(SALES, Origin.FILE, ONE_DAY));
        registry.put(SALES, TWO_DAYS, ANY);
        assertThat(registry.delete(SALES, ANY)).isTrue();
        assertThat(current(SALES)).contains(ONE_DAY);
        assertThat(told).hasSize(2);
        assertThat(registry.delete(SALES, ANY)).isFalse();
        assertThat(told).hasSize(2);
    }

    @Test
    void whatWasNotExpectedIsNotChanged() throws Exception {
        registry.put(SALES, ONE_DAY, ANY);
        assertThatThrownBy(() -> registry.put(SALES, TWO_DAYS, new Expectation.Nothing()))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThatThrownBy(() -> registry.delete(SALES, new Expectation.Revision(99)))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThat(current(SALES)).contains(ONE_DAY);
        assertThat(told).hasSize(1);
    }

    @Test
    void aRouteThatNoServiceCouldUseIsRefused() throws Exception {
        assertThatThrownBy(() -> registry.put(SALES, LOGIN, ANY))
                .isInstanceOf(BadRouteException.class)
                .hasMessageStartingWith("route 'sales.example.com': 'gatewayUsername' is given without 'relayHosts'");
        assertThat(store.load()).isEmpty();
        assertThat(current(SALES)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void aRouteThatMayNotSetAnOptionIsRefused() {
        OptionValues backup = OptionValues.of(Map.of("backup", "true"));
        assertThatThrownBy(() -> registry.put(RouteName.DEFAULT, backup, ANY)).isInstanceOf(OptionException.class);
        OptionValues secret = OptionValues.of(Map.of("gatewayPassword", "file:/no/such"));
        assertThatThrownBy(() -> registry.put(SALES, secret, ANY))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith("'gatewayPassword' cannot be had");
        assertThat(store.load()).isEmpty();
    }

    @Test
    void deletingTheDefaultRouteOthersDependOnIsRefused() throws Exception {
        registry.put(RouteName.DEFAULT, OptionValues.of(Map.of("relayHosts", "relay.example")), ANY);
        registry.put(SALES, LOGIN, ANY);
        assertThatThrownBy(() -> registry.delete(RouteName.DEFAULT, ANY))
                .isInstanceOf(BadRouteException.class)
                .hasMessageContaining("'sales.example.com'");
        assertThat(registry.current().get(RouteName.DEFAULT)).isPresent();
        assertThat(store.load()).hasSize(2);
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheOthersFromKnowing() throws Exception {
        List<String> order = new ArrayList<>();
        registry.onChange(routes -> {
            order.add("first");
            throw new IllegalStateException("expected");
        });
        registry.onChange(routes -> order.add("second"));
        registry.put(SALES, ONE_DAY, ANY);
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void aPasswordIsNotLogged() throws Exception {
        registry.put(RouteName.DEFAULT, OptionValues.of(Map.of("relayHosts", "relay.example")), ANY);
        registry.put(SALES, LOGIN, ANY);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("gatewayPassword=***"))
                .noneMatch(line -> line.contains("hunter2"));
    }

    // ---- other processes

    @Test
    void whatAnotherProcessChangedCounts() throws Exception {
        registry.current();
        store.put(SALES, ONE_DAY, ANY, all -> {});
        store.tell();
        assertThat(current(SALES)).contains(ONE_DAY);
        assertThat(asked).containsExactly(RouteName.DEFAULT);
        assertThat(told).hasSize(1);
        store.tell();
        assertThat(told).hasSize(1);
    }

    @Test
    void whoWasTooLateFindsWhatAnotherProcessPutThere() throws Exception {
        VersionedValue<OptionValues> before = registry.put(SALES, ONE_DAY, ANY);
        store.put(SALES, TWO_DAYS, ANY, any -> {});

        assertThatThrownBy(() -> registry.put(SALES, ONE_DAY, new Expectation.Revision(before.revision())))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThat(current(SALES)).contains(TWO_DAYS);
        assertThat(registry.stored(SALES)).map(VersionedValue::value).contains(TWO_DAYS);
    }

    @Test
    void anOwnChangeTakesWhatOthersChangedWithIt() throws Exception {
        registry.current();
        store.put(OTHER, ONE_DAY, ANY, all -> {});
        registry.put(SALES, TWO_DAYS, ANY);
        assertThat(current(OTHER)).contains(ONE_DAY);
        assertThat(asked).as("all must be looked at").containsExactly(RouteName.DEFAULT);
    }

    @Test
    void badRoutesOfAnotherProcessDoNotCountAndAreOneErrorLine() throws Exception {
        registry.put(SALES, ONE_DAY, ANY);
        store.put(SALES, LOGIN, ANY, all -> {});
        log.list.clear();
        store.tell();
        assertThat(current(SALES)).contains(ONE_DAY);
        assertThat(told).hasSize(1);
        oneErrorLine("'gatewayUsername'");
    }

    @Test
    void aStoreThatWentBadDoesNotCountAndIsOneErrorLine() throws Exception {
        registry.put(SALES, ONE_DAY, ANY);
        store.trouble = new UnusableException("the route store is damaged", null);
        log.list.clear();
        store.tell();
        assertThat(current(SALES)).contains(ONE_DAY);
        oneErrorLine("the route store is damaged");
        assertThatThrownBy(() -> registry.put(SALES, TWO_DAYS, ANY)).isSameAs(store.trouble);
        assertThatThrownBy(() -> registry.delete(SALES, ANY)).isSameAs(store.trouble);
        assertThat(current(SALES)).contains(ONE_DAY);
        store.trouble = null;
        registry.put(SALES, TWO_DAYS, ANY);
        assertThat(current(SALES)).contains(TWO_DAYS);
    }

    @Test
    void whatAnotherProcessBrokeMustBeMendedFirst() throws Exception {
        registry.current();
        store.put(SALES, LOGIN, ANY, all -> {});
        assertThatThrownBy(() -> registry.put(OTHER, ONE_DAY, ANY)).hasMessageContaining("'sales.example.com'");
        registry.put(SALES, ONE_DAY, ANY);
        registry.put(OTHER, ONE_DAY, ANY);
        assertThat(current(OTHER)).contains(ONE_DAY);
    }

    private void oneErrorLine(String part) {
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getLevel()).isEqualTo(Level.ERROR);
        assertThat(log.list.get(0).getThrowableProxy()).isNull();
        assertThat(log.list.get(0).getFormattedMessage())
                .startsWith("the routes were changed by another process and cannot be used; those of before stay: ")
                .contains(part)
                .doesNotContain("\n", "hunter2");
    }

    // ---- what cannot be opened

    @Test
    void aCheckSaysThatTheRoutesOfBeforeCountAndWhy() throws Exception {
        registry.put(SALES, ONE_DAY, ANY);
        registry.check();

        store.trouble = new UnusableException("the route store is damaged", null);
        assertThatThrownBy(registry::check).hasMessage("the route store is damaged");
        store.trouble = null;
        store.put(OTHER, LOGIN, ANY, all -> {});
        assertThatThrownBy(registry::check).isInstanceOf(BadRouteException.class);
        assertThat(current(OTHER)).isEmpty();

        store.put(OTHER, TWO_DAYS, ANY, all -> {});
        registry.check();
    }

    @Test
    void anUnusableStoreIsSaidWhenTheRoutesAreNeededAndTriedAgain() {
        store.trouble = new UnusableException("the route store is damaged", null);
        assertThatThrownBy(registry::current).isSameAs(store.trouble);
        assertThatThrownBy(() -> registry.stored(SALES)).isSameAs(store.trouble);
        assertThatThrownBy(() -> registry.put(SALES, ONE_DAY, ANY)).isSameAs(store.trouble);
        store.trouble = null;
        assertThat(registry.current().all()).isEmpty();
    }

    @Test
    void closingClosesTheStoreIfItWasOpened() {
        registry.close();
        assertThat(store.closed).isFalse();
        registry.current();
        registry.close();
        assertThat(store.closed).isTrue();
    }
}
