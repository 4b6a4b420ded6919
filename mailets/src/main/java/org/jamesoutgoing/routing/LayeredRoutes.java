/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.EhloName;

/**
 * The routes of one service as they follow from the static routes of James, the parameters of the service's mailet, and
 * what is built in. Thread-safe.
 */
public final class LayeredRoutes implements Routes {

    /** Those in use; the others are put together again when they are asked for. */
    private static final int KEPT = 10_000;

    /** Unusual spellings of domains, which take time to read. */
    private static final int SPELLINGS_KEPT = 1_000;

    private final RouteAssembler assembler;
    private final EffectiveOptions.Layer mailet;
    private final EffectiveOptions.Layer builtIn;
    private final StaticRoutes statics;
    private final Cache<RouteName, Route> assembled =
            Caffeine.newBuilder().maximumSize(KEPT).build();
    private final Cache<String, RouteName> spelled =
            Caffeine.newBuilder().maximumSize(SPELLINGS_KEPT).build();

    /**
     * A value in the end.
     *
     * @param text as it was written; {@link OptionValues#HIDDEN} for a secret
     * @param from the name of the route that gives it, for {@link Origin#FILE} and {@link Origin#RUNTIME}
     */
    public record Shown(String text, Origin origin, Optional<RouteName> from) {}

    /**
     * @param mailet what the parameters of the service's mailet give
     * @param heloName for where nobody gives one
     */
    public LayeredRoutes(RouteAssembler assembler, OptionValues mailet, String heloName, StaticRoutes statics) {
        this.assembler = assembler;
        this.mailet = new EffectiveOptions.Layer(Origin.MAILET, mailet);
        this.builtIn = RouteAssembler.builtIn(heloName);
        this.statics = statics;
    }

    /** These with other static routes. */
    public LayeredRoutes with(StaticRoutes others) {
        return new LayeredRoutes(
                assembler,
                mailet.values(),
                builtIn.values().get(RouteOptions.HELO_NAME).orElseThrow(),
                others);
    }

    public StaticRoutes statics() {
        return statics;
    }

    @Override
    public Route of(String domain) {
        return of(DomainNames.isCanonical(domain) ? statics.match(domain) : spelled.get(domain, statics::match));
    }

    /** The route of this name; where none is given, what a domain of it would have without. */
    public Route of(RouteName name) {
        return assembled.get(name, this::assemble);
    }

    /** @throws OptionException when the options of a route, with what they inherit, cannot be used together */
    private Route assemble(RouteName name) {
        return assembler.assemble(name, options(name));
    }

    /**
     * Puts all routes together once.
     *
     * @throws BadRouteException for the first that cannot be
     */
    public void check() {
        checkOne(RouteName.DEFAULT);
        statics.all().forEach(route -> checkOne(route.name()));
    }

    /**
     * Puts together once what a change of one route can affect: that one; with {@link RouteName#DEFAULT}, all.
     *
     * @throws BadRouteException for the first that cannot be
     */
    public void check(RouteName changed) {
        if (changed.isDefault()) {
            check();
        } else {
            checkOne(changed);
        }
    }

    private void checkOne(RouteName name) {
        try {
            assembler.assemble(name, options(name));
        } catch (OptionException e) {
            throw new BadRouteException(name, statics.get(name).map(StaticRoute::origin), e);
        }
    }

    /**
     * What routes made at run time say and may not: they were stored when they might, and their mail waits. Why, by name.
     */
    public Map<RouteName, String> forbidden() {
        Map<RouteName, String> forbidden = new TreeMap<>(Comparator.comparing(RouteName::text));
        for (StaticRoute route : statics.all()) {
            try {
                assembler.runtimeReads().in(route.origin()).check(route.values());
            } catch (OptionException e) {
                forbidden.put(route.name(), e.getMessage());
            }
        }
        return forbidden;
    }

    /** The HELO names that {@code EHLO} does not say as they are, by the name of the route that gives them. */
    public Map<RouteName, String> unsaidHeloNames() {
        Map<RouteName, String> unsaid = new TreeMap<>(Comparator.comparing(RouteName::text));
        unsaid.put(RouteName.DEFAULT, of(RouteName.DEFAULT).connection().heloName());
        statics.all()
                .forEach(route ->
                        route.values().get(RouteOptions.HELO_NAME).ifPresent(name -> unsaid.put(route.name(), name)));
        unsaid.values().removeIf(EhloName::isSaid);
        return unsaid;
    }

    /**
     * Every option that has a value, by name in the order of the reference: without what is inherited and has no effect, and
     * with the mode that follows from the rest.
     *
     * @throws OptionException when the options of the route cannot be used together
     */
    public Map<String, Shown> effective(RouteName name) {
        EffectiveOptions options = options(name);
        Map<String, Shown> shown = new LinkedHashMap<>();
        for (RouteOption<?> option : RouteOptions.all()) {
            options.find(option).ifPresent(found -> shown.put(option.name(), shown(option, found)));
        }
        if (!RouteAssembler.isRelay(options)) {
            shown.remove(RouteOptions.RELAY_HOSTS.name());
            shown.remove(RouteOptions.GATEWAY_PORT.name());
        } else if (options.require(RouteOptions.MODE) != RouteOptions.Mode.RELAY) {
            Shown hosts = shown.get(RouteOptions.RELAY_HOSTS.name());
            shown.put(
                    RouteOptions.MODE.name(),
                    new Shown(ValueType.spelling(RouteOptions.Mode.RELAY), hosts.origin(), hosts.from()));
        }
        if (of(name).connection().credentials().isEmpty()) {
            shown.remove(RouteOptions.USERNAME.name());
            shown.remove(RouteOptions.PASSWORD.name());
        }
        return shown;
    }

    private static Shown shown(RouteOption<?> option, EffectiveOptions.Setting<?> found) {
        return new Shown(
                option.secret() ? OptionValues.HIDDEN : found.text(),
                found.origin(),
                found.layer().from());
    }

    private EffectiveOptions options(RouteName name) {
        List<EffectiveOptions.Layer> layers = new ArrayList<>();
        statics.get(name).ifPresent(route -> layers.add(new EffectiveOptions.Layer(route)));
        if (!name.isDefault()) {
            statics.get(RouteName.DEFAULT).ifPresent(route -> layers.add(new EffectiveOptions.Layer(route)));
        }
        layers.add(mailet);
        layers.add(builtIn);
        return RouteAssembler.complete(new EffectiveOptions(layers));
    }
}
