/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.MailetConfig;
import org.jamesoutgoing.delivery.Shares;
import org.jamesoutgoing.dns.OwnNames;
import org.jamesoutgoing.notify.DsnLimit;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.routing.BadRouteException;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.service.Controls;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.ServiceSettings;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the parameters of {@link OutgoingDelivery} to {@link ServiceSettings}. All of RemoteDelivery's parameters are
 * understood. Every problem is an {@link IllegalArgumentException} of one line.
 */
final class SettingsReader {

    private static final Logger LOGGER = LoggerFactory.getLogger(SettingsReader.class);

    private final Parameters parameters;
    private final String defaultHeloName;

    private SettingsReader(Parameters parameters, String defaultHeloName) {
        this.parameters = parameters;
        this.defaultHeloName = defaultHeloName;
    }

    /** @param defaultHeloName for when the parameter {@code heloName} is not given */
    static ServiceSettings read(MailetConfig config, String defaultHeloName) {
        Parameters parameters = Parameters.of(config);
        try {
            ServiceSettings settings = new SettingsReader(parameters, defaultHeloName).read();
            parameters.rejectUnknown();
            return settings;
        } catch (OptionException e) {
            throw new IllegalArgumentException("parameter " + e.getMessage(), e);
        }
    }

    private ServiceSettings read() {
        parameters.ignore("deliveryThreads", "sendpartial", "debug");
        if (parameters
                .read("maxDnsProblemRetries", ValueType.number(0, Integer.MAX_VALUE))
                .isPresent()) {
            LOGGER.warn("parameter 'maxDnsProblemRetries' is ignored: trouble with DNS is retried like any other");
        }
        String queue = parameters
                .nameOf("outgoing", "outgoingQueue")
                .flatMap(parameters::text)
                .orElse(OutgoingServices.DEFAULT_QUEUE);
        return new ServiceSettings(
                queue,
                parameters.read("adoptQueue", otherThan(queue)),
                parameters.text("waitingRepository"),
                defaultRoute(),
                defaultHeloName,
                parameters
                        .read("ownNames", new ValueType<>(OwnNames.ALLOWED, OwnNames::parse))
                        .orElse(OwnNames.NONE),
                limits(),
                controls(),
                whenFull(),
                parameters.text("bounceProcessor"),
                parameters.text("onSuccess"),
                parameters.read("dsnLimit", DsnLimit.TYPE).orElse(Optional.of(DsnLimit.DEFAULT)),
                parameters.text("deadLetterRepository"),
                parameters.read("webadminFiles", new ValueType<>("a folder that is there", SettingsReader::folder)),
                parameters
                        .read(
                                "webadminVariables",
                                new ValueType<>(
                                        "names of environment variables, separated by commas",
                                        SettingsReader::variables))
                        .orElse(Set.of()),
                parameters.read("usePriority", ValueType.flag()).orElse(false),
                Duration.ofSeconds(7),
                parameters.asMap());
    }

    private static ValueType<String> otherThan(String queue) {
        Set<String> inUse = Set.of(queue, MailQueueFactory.SPOOL.asString());
        return new ValueType<>("a queue of James other than " + String.join(" and ", new TreeSet<>(inUse)), name -> {
            if (inUse.contains(name)) {
                throw new IllegalArgumentException();
            }
            return name;
        });
    }

    private OptionValues defaultRoute() {
        OptionValues values = DefaultRouteReader.read(parameters);
        values.checkSecrets();
        try {
            new LayeredRoutes(new RouteAssembler(), values, defaultHeloName, StaticRoutes.NONE).check();
        } catch (BadRouteException e) {
            throw (OptionException) e.getCause();
        }
        return values;
    }

    private Controls controls() {
        QueueLimits limits = new QueueLimits(
                parameters
                        .read("maxQueueMails", ValueType.number(0, Integer.MAX_VALUE))
                        .orElse(0),
                parameters.read("maxQueueSize", ValueType.size(0)).orElse(0L),
                parameters
                        .read("maxMailsPerDomain", ValueType.number(0, Integer.MAX_VALUE))
                        .orElse(0),
                parameters
                        .read("maxMailsPerSender", ValueType.number(0, Integer.MAX_VALUE))
                        .orElse(0));
        boolean enabled = parameters.read("enabled", ValueType.flag()).orElse(true);
        return enabled ? Controls.of(limits) : Controls.of(limits).suspended("enabled=false");
    }

    private Admission.WhenFull whenFull() {
        return parameters
                .read("queueFullAction", new ValueType<>("overflow, fail, or processor:NAME", SettingsReader::whenFull))
                .orElse(new Admission.WhenFull.Overflow());
    }

    private static Admission.WhenFull whenFull(String text) {
        if (text.equalsIgnoreCase("overflow")) {
            return new Admission.WhenFull.Overflow();
        }
        if (text.equalsIgnoreCase("fail")) {
            return new Admission.WhenFull.Fail();
        }
        if (text.matches("(?i)processor:[^\\s:]+")) {
            return new Admission.WhenFull.HandOver(text.substring("processor:".length()));
        }
        throw new IllegalArgumentException();
    }

    private static Path folder(String text) {
        Path folder = Path.of(text);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException();
        }
        return folder;
    }

    private static Set<String> variables(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .peek(name -> {
                    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                        throw new IllegalArgumentException();
                    }
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private Shares limits() {
        return new Shares(
                parameters.read("maxActiveMails", ValueType.number(10, 100_000)).orElse(1000),
                parameters.read("maxActiveSize", ValueType.size(1 << 20)).orElse(256L << 20),
                parameters.read("connections", ValueType.number(1, 10_000)).orElse(500));
    }
}
