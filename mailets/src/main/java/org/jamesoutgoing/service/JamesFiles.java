/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteFile;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.store.Codec;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;

/** Where James keeps its configuration and its data. */
final class JamesFiles {

    private static final String ROUTE_FILE = "outgoing-routes.xml";
    private static final String TEMPLATE_FOLDER = "outgoing-templates";
    private static final String SECRETS = "outgoing-secrets";

    /** What is made at run time, below James's {@code var} or in an export. */
    static final String ROUTES = "outgoing-routes.json";

    static final String TEMPLATES = "outgoing-templates.json";
    static final String CONTROLS = "outgoing-controls.json";

    private final FileSystem files;
    private final Configuration configuration;

    JamesFiles(FileSystem files, Configuration configuration) {
        this.files = files;
        this.configuration = configuration;
    }

    /**
     * The routes of {@code outgoing-routes.xml} beside James's other configuration files; as with those, none when it is
     * not there.
     *
     * @throws RouteFile.BadFileException when it cannot be used
     */
    List<StaticRoute> file() {
        String location = configuration.configurationPath().asString() + ROUTE_FILE;
        try {
            if (!location.startsWith(FileSystem.FILE_PROTOCOL)) {
                return resource(location);
            }
            File file = files.getFile(location);
            return file.exists() ? RouteFile.read(file.getPath(), Files.readAllBytes(file.toPath())) : List.of();
        } catch (IOException e) {
            throw new IllegalArgumentException(location + " cannot be read: " + e, e);
        }
    }

    private List<StaticRoute> resource(String location) throws IOException {
        try (InputStream in = files.getResource(location)) {
            return RouteFile.read(location, in.readAllBytes());
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /**
     * The administrator's templates of failure messages, beside James's other configuration files.
     *
     * @return empty when James's configuration is not in files; the directory need not be there
     */
    Optional<Path> templates() {
        return folder(TEMPLATE_FOLDER);
    }

    /** For files that routes made at run time may name; as {@link #templates}. */
    Optional<Path> secrets() {
        return folder(SECRETS);
    }

    private Optional<Path> folder(String name) {
        String location = configuration.configurationPath().asString() + name;
        try {
            return location.startsWith(FileSystem.FILE_PROTOCOL)
                    ? Optional.of(files.getFile(location).toPath())
                    : Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The routes that are made at run time, below James's {@code var}. */
    VersionedStore<RouteName, OptionValues> routeStore() {
        return store(ROUTES, new RouteCodec());
    }

    /** The templates that are made at run time, below James's {@code var}. */
    VersionedStore<TemplateName, String> templateStore() {
        return store(TEMPLATES, new TemplateCodec());
    }

    /** The limits and suspensions that are made at run time, below James's {@code var}. */
    VersionedStore<String, RuntimeControls> controlStore() {
        return store(CONTROLS, new ControlCodec());
    }

    private <K, V> VersionedStore<K, V> store(String name, Codec<K, V> codec) {
        String location = FileSystem.FILE_PROTOCOL_AND_VAR + name;
        try {
            return JsonStore.at(files.getFile(location).toPath(), codec);
        } catch (FileNotFoundException e) {
            throw new UnusableException("the " + codec.words().one() + " store " + location + " has no place: " + e, e);
        }
    }
}
