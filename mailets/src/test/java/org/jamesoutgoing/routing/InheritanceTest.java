/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.routing.Layers.SALES;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.routing.RouteOption.Scope;
import org.jamesoutgoing.routing.SampleValues.Sample;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each option that there is, in each place where it can be given. An option without a line in {@link SampleValues} fails,
 * and so does one that makes no difference to the route.
 */
class InheritanceTest {

    @TempDir
    static Path stores;

    private static SampleValues samples;

    private final RouteAssembler assembler = new RouteAssembler(AllowedReads.ANYTHING);

    @BeforeAll
    static void makeSamples() throws Exception {
        SampleStores.makeIn(stores);
        samples = new SampleValues(stores);
    }

    static List<RouteOption<?>> every() {
        return RouteOptions.all();
    }

    /** Those that any route may set. */
    static List<RouteOption<?>> inherited() {
        return every().stream().filter(option -> option.scope() == Scope.ANY).toList();
    }

    /** Those that the route of one domain alone may set. */
    static List<RouteOption<?>> ofOneDomain() {
        return every().stream()
                .filter(option -> option.scope() == Scope.ONE_DOMAIN)
                .toList();
    }

    private Layers layers() {
        return new Layers(assembler);
    }

    private static Map<String, String> with(RouteOption<?> option, Optional<String> value) {
        Map<String, String> options = new HashMap<>(samples.of(option).beside());
        value.ifPresent(text -> options.put(option.name(), text));
        return options;
    }

    private static Map<String, String> value(RouteOption<?> option) {
        return with(option, Optional.of(samples.of(option).value()));
    }

    private static Map<String, String> other(RouteOption<?> option) {
        return with(option, samples.of(option).other());
    }

    private static Map<String, String> alone(RouteOption<?> option) {
        return Map.of(option.name(), samples.of(option).value());
    }

    @ParameterizedTest
    @MethodSource("every")
    void anOptionMakesADifference(RouteOption<?> option) {
        Sample sample = samples.of(option);
        Route one = given(option, Optional.of(sample.value())).ofSales();
        Route another = given(option, sample.other()).ofSales();
        assertThat(one).isNotEqualTo(another);
        if (option.builtIn().filter(text -> !text.equals(sample.value())).isPresent()) {
            assertThat(one).isNotEqualTo(given(option, option.builtIn()).ofSales());
        }
    }

    /** In the static route, with what must stand beside it further away if possible. */
    private Layers given(RouteOption<?> option, Optional<String> text) {
        return option.scope() == Scope.ONE_DOMAIN
                ? layers().file(SALES.text(), with(option, text))
                : layers().mailet(samples.of(option).beside())
                        .file(
                                SALES.text(),
                                text.map(value -> Map.of(option.name(), value)).orElse(Map.of()));
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void aStaticRouteThatSetsAnOptionGetsItsValue(RouteOption<?> option) {
        Route wanted = layers().mailet(value(option)).ofSales();
        for (Map<String, String> inherited :
                List.of(other(option), samples.of(option).beside())) {
            Layers layers = layers().mailet(inherited).file(SALES.text(), alone(option));
            assertThat(layers.ofSales()).isEqualTo(wanted);
            shows(layers, SALES, option, Origin.FILE, Optional.of(SALES));
        }
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void aStaticRouteThatDoesNotSetAnOptionInheritsTheMailets(RouteOption<?> option) {
        Layers layers = layers().mailet(value(option)).file(SALES.text(), unrelated(option));
        Route wanted = layers().mailet(both(value(option), unrelated(option))).ofSales();
        assertThat(layers.ofSales()).isEqualTo(wanted);
        shows(layers, SALES, option, Origin.MAILET, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void aStaticRouteThatDoesNotSetAnOptionInheritsTheDefaultRoutes(RouteOption<?> option) {
        Layers inFile = layers().mailet(other(option)).file("*", alone(option)).file(SALES.text(), unrelated(option));
        Layers atRunTime = layers().mailet(other(option))
                .file("*", otherAlone(option))
                .runtime("*", alone(option))
                .file(SALES.text(), unrelated(option));
        Route wanted = layers().mailet(other(option))
                .file(SALES.text(), both(alone(option), unrelated(option)))
                .ofSales();
        assertThat(inFile.ofSales()).isEqualTo(wanted);
        assertThat(atRunTime.ofSales()).isEqualTo(wanted);
        shows(inFile, SALES, option, Origin.FILE, Optional.of(RouteName.DEFAULT));
        shows(atRunTime, SALES, option, Origin.RUNTIME, Optional.of(RouteName.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void whatNobodyGivesIsBuiltIn(RouteOption<?> option) {
        Layers nothing = layers().file(SALES.text(), Map.of());
        Optional<String> builtIn = option.equals(RouteOptions.HELO_NAME) ? Optional.of(Layers.HELO) : option.builtIn();
        if (builtIn.isPresent()) {
            assertThat(layers().mailet(Map.of(option.name(), builtIn.get())).ofSales())
                    .isEqualTo(nothing.ofSales());
            assertThat(nothing.shown(SALES, option))
                    .isEqualTo(new LayeredRoutes.Shown(builtIn.get(), Origin.BUILT_IN, Optional.empty()));
        } else {
            assertThat(nothing.shown(SALES, option)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void aDeletedRouteFallsBack(RouteOption<?> option) {
        Layers layers = layers().mailet(other(option)).file(SALES.text(), alone(option));
        Route before = layers.ofSales();
        LayeredRoutes all = layers.routes();
        assertThat(all.with(StaticRoutes.NONE).of(SALES.text()).anonymous())
                .isNotEqualTo(before)
                .isEqualTo(layers().mailet(other(option)).ofSales());
    }

    @ParameterizedTest
    @MethodSource("inherited")
    void aRunTimeRouteTakesThePlaceOfTheFilesAsAWhole(RouteOption<?> option) {
        Layers layers = layers().mailet(other(option))
                .file(SALES.text(), alone(option))
                .runtime(SALES.text(), unrelated(option));
        Route wanted = layers().mailet(other(option))
                .file(SALES.text(), unrelated(option))
                .ofSales();
        assertThat(layers.ofSales()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource("ofOneDomain")
    void anOptionOfOneDomainIsBuiltInWhereTheRouteDoesNotSetIt(RouteOption<?> option) {
        Layers set = layers().file(SALES.text(), value(option));
        shows(set, SALES, option, Origin.FILE, Optional.of(SALES));
        Layers unset = layers().file(SALES.text(), samples.of(option).beside());
        assertThat(unset.shown(SALES, option))
                .isEqualTo(new LayeredRoutes.Shown(option.builtIn().orElseThrow(), Origin.BUILT_IN, Optional.empty()));
        Route explicit =
                layers().file(SALES.text(), with(option, option.builtIn())).ofSales();
        assertThat(unset.ofSales()).isEqualTo(explicit);
    }

    private static void shows(
            Layers layers, RouteName name, RouteOption<?> option, Origin origin, Optional<RouteName> from) {
        String value = samples.of(option).value();
        String text = option.name().endsWith("Password") ? "***" : value;
        assertThat(layers.shown(name, option)).isEqualTo(new LayeredRoutes.Shown(text, origin, from));
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> both = new HashMap<>(one);
        both.putAll(other);
        return both;
    }

    /** An option that has nothing to do with this one. */
    private static Map<String, String> unrelated(RouteOption<?> option) {
        return option.equals(RouteOptions.REPLY_LINES) ? Map.of("replyBytes", "900") : Map.of("replyLines", "9");
    }

    private static Map<String, String> otherAlone(RouteOption<?> option) {
        return samples.of(option)
                .other()
                .map(text -> Map.of(option.name(), text))
                .orElse(Map.of());
    }
}
