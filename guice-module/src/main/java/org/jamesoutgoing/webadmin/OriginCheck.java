/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.configuration2.Configuration;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.dns.OwnNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spark.Filter;
import spark.Request;
import spark.Response;

/**
 * Refuses what a web page of somebody else has an administrator's browser send: without authentication the browser is the
 * administrator. A request is answered when it
 *
 * <ol>
 *   <li>is for this server by an address, as {@code localhost}, by a name of its own or of the list: a page whose name was led
 *       here by its owner's DNS (DNS rebinding) has another one;
 *   <li>comes from no page, from one of this webadmin, or from one of the list: that is what {@code Origin} (RFC 6454) and
 *       {@code Sec-Fetch-Site} (W3C Fetch Metadata) say, which a browser sends and a page cannot change. Programs such as curl send
 *       neither.
 * </ol>
 *
 * <p>The list is {@value #HOSTS} in {@code webadmin.properties}. Thread-safe.
 */
final class OriginCheck implements Filter {

    static final String HOSTS = "outgoing.hosts";

    private static final Logger LOGGER = LoggerFactory.getLogger(OriginCheck.class);
    private static final String PREFIX = "outgoing.";
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*)(?::\\d{1,5})?");
    /** No page, or one of the same origin. */
    private static final Set<String> HARMLESS_SITES = Set.of("none", "same-origin");

    private static final int LONGEST = 200;

    private final OwnNames listed;
    /** Where webadmin listens; a page of that name may be anything that stands on this machine. */
    private final String listensAt;

    private final Predicate<String> ownName;

    private OriginCheck(OwnNames listed, String listensAt, Predicate<String> ownName) {
        this.listed = listed;
        this.listensAt = listensAt;
        this.ownName = ownName;
    }

    /**
     * @param webadmin {@code webadmin.properties}, where the list is
     * @param ownName whether this server is called so
     * @throws IllegalArgumentException when the list cannot be used
     */
    static OriginCheck of(Configuration webadmin, Predicate<String> ownName) {
        return new OriginCheck(listed(webadmin), normalized(webadmin.getString("host", "")), ownName);
    }

    private static OwnNames listed(Configuration webadmin) {
        webadmin.getKeys().forEachRemaining(key -> {
            if (key.startsWith(PREFIX) && !key.equals(HOSTS)) {
                throw bad("unknown property '" + key + "'; did you mean '" + HOSTS + "'?");
            }
        });
        String given = String.join(",", webadmin.getStringArray(HOSTS));
        try {
            return OwnNames.parse(given);
        } catch (IllegalArgumentException e) {
            throw bad("'" + HOSTS + "' is '" + given + "'; allowed: " + OwnNames.ALLOWED);
        }
    }

    private static IllegalArgumentException bad(String problem) {
        LOGGER.error("webadmin.properties: {}", problem);
        return new IllegalArgumentException("webadmin.properties: " + problem);
    }

    @Override
    public void handle(Request request, Response response) {
        objection(request).ifPresent(why -> {
            AuditLog.record(
                    request,
                    "action=refused method=" + request.requestMethod() + " path=" + shortened(request.uri())
                            + " because=" + why);
            throw ErrorResponses.forbidden(why);
        });
    }

    /** In one line for people. */
    private Optional<String> objection(Request request) {
        Optional<String> host = Optional.ofNullable(request.headers("Host")).map(OriginCheck::normalized);
        Optional<String> origin = Optional.ofNullable(request.headers("Origin"));
        Optional<String> site = Optional.ofNullable(request.headers("Sec-Fetch-Site"));
        if (host.isPresent() && !isOurs(host.get())) {
            return Optional.of(
                    "'" + shortened(host.get()) + "' is no name of this server; allowed: an address, localhost,"
                            + " a name of its own, or of " + HOSTS + " in webadmin.properties");
        }
        Optional<String> page = origin.flatMap(OriginCheck::authority);
        if (page.isPresent() && isListed(page.get())) {
            return Optional.empty();
        }
        if (origin.isPresent() && !(page.isPresent() && page.equals(host))) {
            return Optional.of("the request comes from a web page of '" + shortened(origin.get())
                    + "'; allowed: of this" + " webadmin itself, or of a name of " + HOSTS + " in webadmin.properties");
        }
        return site.filter(said -> !HARMLESS_SITES.contains(said.strip()))
                .map(said -> "the request comes from a web page of another site (" + shortened(said)
                        + "); allowed: from one of this webadmin itself, or by hand");
    }

    private boolean isOurs(String authority) {
        String name = name(authority);
        return isAddress(name)
                || name.equals("localhost")
                || (!name.isEmpty() && name.equals(listensAt))
                || isListed(authority)
                || ownName.test(name);
    }

    private boolean isListed(String authority) {
        String name = name(authority);
        return listed.include(name, address(name).map(List::of).orElse(List.of()));
    }

    // ---- host, host:port, [address]:port

    /** A page of {@code https://host} says no port, and a proxy in front of webadmin may have taken TLS away: so no scheme. */
    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(new URI(origin.strip()).getRawAuthority())
                    .map(OriginCheck::normalized);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String normalized(String authority) {
        return authority.strip().toLowerCase(Locale.ROOT);
    }

    /** Empty for what is no authority. */
    private static String name(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        String name = parts.matches() ? parts.group(1).replaceAll("[\\[\\]]", "") : "";
        return isAddress(name) ? name : DomainNames.canonical(name).orElse("");
    }

    private static boolean isAddress(String name) {
        return address(name).isPresent();
    }

    private static Optional<InetAddress> address(String name) {
        return OwnNames.address(name);
    }

    private static String shortened(String text) {
        return AuditLog.oneLine(text, LONGEST);
    }
}
